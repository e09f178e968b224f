"""How time and memory grow with the number of RT, and of proposals in an RT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from math import log
from random import Random

from benchmarks.peers import as_peer, matrices, solve_matrices
from benchmarks.setting import Setting
from benchmarks.timing import Peer, Row, Timing, peak_mb, timed
from optimizer.formulation.problem import Item, Limit, Linear, Part, Problem, Requirement, UnitRoom
from optimizer.solving.dispatch import solve
from optimizer.solving.memory import cut_out

__all__ = ["exponent", "growth_proposals", "growth_rt", "repeated"]

SEED = 11


def growth_rt(setting: Setting) -> Row:
    """100 to 100 000 RT in kelurahan of Kaliombo's size, all stages and the tie-break."""
    base = setting.kelurahan
    sizes = (100, 300) if setting.quick else (100, 1_000, 10_000, 100_000)
    points = []
    for size in sizes:
        problem = repeated(base, size)
        small = size <= 1_000
        _, time = timed(partial(solve, problem), 3 if small else 1, warm=small)
        memory = peak_mb(partial(solve, problem)) if size <= 10_000 else None
        points.append((len(problem.units), time, memory))
    peers: tuple[Peer, ...] = ()
    if not setting.quick:
        problem = repeated(base, 1_000)
        made = matrices(problem, problem.parts, ties=True)
        run, time = timed(lambda: solve_matrices(made, setting.limit), warm=False)
        extended = time.times(sizes[-1] / 1_000)
        note = f"1000/{sizes[-1]}"
        peers = (as_peer("highs-split", run, extended, setting.limit, same=None, note=note),)
    return _row("growth-rt", points, peers, {} if setting.quick else {"exponent": 1.1})


def growth_proposals(setting: Setting) -> Row:
    """5 to 200 proposals in one RT."""
    base = setting.kelurahan
    sizes = (5, 20) if setting.quick else (5, 10, 20, 50, 100, 200)
    points = []
    for size in sizes:
        problem = crowded(base, size)
        ours, time = timed(partial(solve, problem), setting.few)
        points.append((size, time, peak_mb(partial(solve, problem))))
    # The peer gets the largest.
    made = matrices(problem, problem.parts, ties=True)
    run, taken = timed(lambda: solve_matrices(made, setting.limit), warm=False)
    values = [
        [problem.value(problem.parts[0], s, found) for s in problem.stages]
        for found in (run.levels, ours.levels)
    ]
    peers = (as_peer("highs-split", run, taken, setting.limit, same=values[0] == values[1]),)
    return _row("growth-proposals", points, peers, {})


def _row(
    name: str,
    points: Sequence[tuple[int, Timing, float | None]],
    peers: tuple[Peer, ...],
    target: dict[str, float],
) -> Row:
    """The largest size as the row's own time; all sizes among the figures."""
    figures = {
        "points": [
            {"size": size, "cpu_seconds": time.cpu, "mb": memory} for size, time, memory in points
        ],
        "exponent": exponent([(size, time.cpu) for size, time, _ in points]),
    }
    return Row(name, points[-1][1], peers, {"largest": points[-1][0]}, target, figures)


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Slope of a straight line through the points' logarithms, by least squares.

    Examples
    --------
    >>> round(exponent([(1, 3), (10, 30), (100, 300)]), 6)
    1.0
    """
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - mean_x) ** 2 for x in xs)


# --- problems of any size -----------------------------------------------------------------


def repeated(base: Problem, units: int) -> Problem:
    """Kelurahan after kelurahan like the one given, until there are enough RT.

    All stay whole, so there may be a few RT more; support is drawn anew in each.
    """
    rng = Random(SEED)
    copies = -(-units // len(base.units))
    shifts = (len(base.units), len(base.items), len(base.limits), len(base.requirements))
    rooms: list[UnitRoom] = []
    items: list[Item] = []
    limits: list[Limit] = []
    needs: list[Requirement] = []
    parts: list[Part] = []
    pools: dict[tuple[str, int], int] = {}
    order: list[int] = []
    for number in range(copies):
        unit, item, limit, need = (number * n for n in shifts)
        name = f"K{number:05d}"
        rooms += [replace(u, id=f"{name}/{u.id}", kelurahan=name) for u in base.units]
        items += [_moved(i, name, unit, rng) for i in base.items]
        limits += [replace(k, terms=_terms(k.terms, item)) for k in base.limits]
        needs += [replace(r, items=tuple(i + item for i in r.items)) for r in base.requirements]
        order += [i + item for i in base.order]
        pools |= {(name, node): size for (_, node), size in base.pools.items()}
        parts += [
            Part(
                name=f"{name}/{p.name}",
                units=tuple(u + unit for u in p.units),
                items=tuple(i + item for i in p.items),
                limits=tuple(k + limit for k in p.limits),
                requirements=tuple(r + need for r in p.requirements),
                pools=tuple((name, node) for _, node in p.pools),
            )
            for p in base.parts
        ]
    return replace(
        base,
        units=tuple(rooms),
        items=tuple(items),
        limits=tuple(limits),
        requirements=tuple(needs),
        pools=pools,
        order=tuple(order),
        parts=tuple(parts),
    )


def _moved(item: Item, name: str, unit: int, rng: Random) -> Item:
    factor = rng.randrange(1, 30)
    return replace(
        item,
        id=f"{name}/{item.id}",
        owner=f"{name}/{item.owner}",
        payers=tuple((u + unit, amount) for u, amount in item.payers),
        support=Linear(item.support.base * factor, item.support.step * factor),
    )


def _terms(terms: tuple[tuple[int, Linear], ...], shift: int) -> tuple[tuple[int, Linear], ...]:
    return tuple((i + shift, quantity) for i, quantity in terms)


def crowded(base: Problem, count: int) -> Problem:
    """One RT with so many proposals, like those of all RT and none of them mandatory."""
    part = max((p for p in base.parts if len(p.units) == 1), key=lambda p: len(p.items))
    own = cut_out(base, part)
    drawn = list(_wishes(base, count))
    items = tuple(
        replace(
            item,
            id=f"P{number:04d}",
            owner=own.units[0].id,
            payers=((0, item.cost),),
            fixed=None,
            forced=False,
        )
        for number, item in enumerate(drawn)
    )
    everything = tuple(range(count))
    return replace(
        own,
        items=items,
        limits=(),
        requirements=(),
        groups=(),
        order=everything,
        parts=(Part(own.parts[0].name, (0,), everything, (), ()),),
    )


def _wishes(base: Problem, count: int) -> Iterator[Item]:
    rng = Random(SEED)
    own = [i for i in base.items if i.kind == "own" and not i.extra]
    for number in range(count):
        item = own[number % len(own)]
        cost = item.cost.base + 1_000 * rng.randrange(0, 2_000)
        yield replace(item, cost=Linear(cost), support=Linear(rng.randrange(1, 40) * 1_000_000))
