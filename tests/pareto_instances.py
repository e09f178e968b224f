"""Small random problems of every shape, and the answer by looking at every choice."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import networkx as nx

from optimizer.formulation.problem import (
    Item,
    Kind,
    Limit,
    Linear,
    Part,
    Problem,
    Requirement,
    StageSpec,
    Tree,
    UnitRoom,
)

STAGES = (
    ("support",),
    ("support", "fill"),
    ("welfare",),
    ("welfare", "support", "fill"),
    ("order",),
    ("order", "fill"),
    ("support", "order"),
    ("fill", "welfare"),
    ("changes", "support"),
    ("support", "changes", "fill"),
)
# pagu ⊃ (infra ⊃ (bersama, rt), health, social ⊃ (a, b)); children first.
TREE = Tree(
    ids=("infra/joint", "infra/rt", "infra", "health", "social/a", "social/b", "social", "pagu"),
    parent=(2, 2, 7, 7, 6, 6, 7, -1),
    leaves=(0, 1, 3, 4, 5),
    pooled=frozenset({0}),
)
SCALE = 250_000
JUTA = 1_000_000
PAGU = 100 * JUTA


def _bounds(rng, gift):
    lower, upper = [0] * len(TREE.ids), [PAGU] * len(TREE.ids)
    lower[0] = gift
    for node in (1, 3, 4, 5, 6):
        if rng.random() < 0.5:
            upper[node] = rng.randint(5, 45) * JUTA + rng.choice([-1, 0, 0, 0])
        if rng.random() < 0.12:
            lower[node] = rng.randint(1, 12) * JUTA + rng.choice([0, 0, 1])
        upper[node] = max(upper[node], lower[node])
    shape = rng.random()
    if shape < 0.4:  # exactly
        lower[2] = upper[2] = gift + rng.randint(0, min(25, upper[1] // JUTA)) * JUTA
    elif shape < 0.6:
        upper[2] = gift + rng.randint(5, 40) * JUTA
    upper[7] = rng.choice([PAGU, gift + rng.randint(20, 70) * JUTA])
    return tuple(lower), tuple(upper)


def _linear(rng, extra, base, step):
    return Linear(rng.randint(*base), rng.randint(*step) if extra else 0)


def _money(rng, extra, base, step):
    exact = _linear(rng, extra, base, step)
    return Linear(exact.base * JUTA + rng.choice([-1, 0, 0, 1]), exact.step * JUTA)


def _fixed_point(support, coarse):
    return Linear(*(n // coarse * coarse * SCALE for n in (support.base, support.step)))


def _item(rng, number, kind, units):
    extra = rng.choice([0, 0, 0, 0, 1, 2]) if rng.random() < 0.6 else 0
    coarse = rng.random() < 0.3
    support = Linear(0) if rng.random() < 0.15 else _linear(rng, extra, (0, 9), (0, 4))
    cost = _money(rng, extra, (1, 25), (1, 8))
    payers = ()
    if kind is Kind.SHARED:
        payers = tuple((u, _money(rng, extra, (1, 12), (1, 4))) for u in units)
        cost = Linear(sum(a.base for _, a in payers), sum(a.step for _, a in payers))
    elif kind is Kind.OWN:
        payers = ((units[0], cost),)
    pin = rng.random()
    return Item(
        id=f"U-{number}",
        kind=kind,
        owner="K" if kind is Kind.POOLED else f"o{units}",
        leaf=0 if kind is Kind.POOLED else rng.choice([1, 1, 2, 3, 4]),
        extra=extra,
        cost=cost,
        payers=payers,
        support=_fixed_point(support, 4 if coarse else 1),
        residents=rng.choice([0, 1, 1, rng.randint(0, 5)]),
        fixed=0 if pin < 0.05 else None,
        forced=0.05 <= pin < 0.09,
    )


def _limits(rng, items):
    found = []
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        first = rng.randrange(len(items))
        near = [i for i, one in enumerate(items) if _near(one, items[first])] or [first]
        pool = near if rng.random() < 0.9 else list(range(len(items)))
        chosen = sorted(rng.sample(pool, min(len(pool), rng.choice([1, 1, 2, 3]))))
        shape = rng.random()
        if shape < 0.4:
            terms = tuple((i, Linear(1)) for i in chosen)
            found.append(Limit("rule.once", "", terms, upper=1))
        elif shape < 0.7:
            terms = tuple((i, items[i].cost) for i in chosen)
            found.append(Limit("rule.max", "", terms, upper=rng.randint(5, 40) * JUTA))
        elif shape < 0.85:
            least = rng.randint(3, 20) * JUTA
            bent = tuple(
                (i, Linear(items[i].cost.base - least * (i == chosen[0]), items[i].cost.step))
                for i in chosen
            )
            found.append(Limit("rule.min", "", bent, lower=0))
        else:
            terms = tuple((i, Linear(1 if i == chosen[0] else -1)) for i in chosen)
            found.append(Limit("rule.with", "", terms, upper=0))
    return tuple(found)


def _near(one, other):
    return (one.kind, one.payers[:1] and one.payers[0][0], one.leaf) == (
        other.kind,
        other.payers[:1] and other.payers[0][0],
        other.leaf,
    ) or (one.kind is Kind.SHARED and other.kind is Kind.SHARED)


def _requirements(rng, items, units):
    found = []
    for u in range(units):
        payable = [i for i, one in enumerate(items) if any(p == u for p, _ in one.payers)]
        for _ in range(rng.choice([0, 0, 1, 2])):
            if payable:
                chosen = {rng.choice(payable)}
                if rng.random() < 0.4:
                    chosen |= {i for i in payable if _near(items[i], items[min(chosen)])}
                if rng.random() < 0.2:
                    chosen |= {i for i in payable if items[i].kind is Kind.SHARED}
                place = f"u{u}"
                found.append(Requirement("rule.must", place, tuple(sorted(chosen))))
    return tuple(found)


def draw(rng: random.Random, *, wide: bool = False) -> Problem:
    """A problem with one to three units, at most about eleven items; ``wide``: more shared."""
    units = rng.randint(2 if wide else 1, 3)
    kinds = [Kind.OWN] * rng.randint(2, 7)
    kinds += [Kind.SHARED] * (rng.choice([2, 3] if wide else [0, 1, 1, 2]) if units > 1 else 0)
    kinds += [Kind.POOLED] * rng.choice([0, 0, 2, 3])
    rng.shuffle(kinds)
    items = tuple(
        _item(
            rng,
            number,
            kind,
            sorted(
                rng.sample(range(units), 1 if kind is Kind.OWN else rng.choice([2, units, units]))
            )
            if kind is not Kind.POOLED
            else [],
        )
        for number, kind in enumerate(kinds, 1)
    )
    if wide:
        leaf = rng.choice([1, 2, 3])
        items = tuple(replace(i, leaf=leaf) if i.kind is Kind.SHARED else i for i in items)
    gift = rng.choice([0, 10, 30]) * JUTA
    rooms = []
    for u in range(units):
        lower, upper = _bounds(rng, gift)
        rooms.append(UnitRoom(f"u{u}", "K", lower, upper, (gift,) + (0,) * 7))
    limits, requirements = _limits(rng, items), _requirements(rng, items, units)
    evenness = rng.choice([0.0, 0.5, 1.0])
    marginals = tuple(round(JUTA * (k - 0.5) ** -evenness) for k in range(1, 101))
    names = ("mandatory", *rng.choice(STAGES))
    ranked = rng.sample(range(len(items)), rng.randint(len(items) // 2, len(items)))
    return Problem(
        tree=TREE,
        units=tuple(rooms),
        items=items,
        limits=limits,
        requirements=requirements,
        pools={("K", 0): rng.choice([gift * units, rng.randint(10, 60) * JUTA])},
        stages=tuple(
            StageSpec(
                n,
                marginals if n == "welfare" else (),
                base=tuple(rng.randint(-1, i.top) for i in items) if n == "changes" else (),
            )
            for n in names
        ),
        order=tuple(ranked),
        parts=_parts(items, units, limits, requirements),
    )


def _parts(items, units, limits, requirements):
    ties = nx.Graph()
    ties.add_nodes_from(("unit", u) for u in range(units))
    for i, item in enumerate(items):
        ties.add_node(("item", i))
        if item.kind is Kind.POOLED:
            ties.add_edge(("item", i), ("pool", 0))
        ties.add_edges_from((("item", i), ("unit", u)) for u, _ in item.payers)
    for k, limit in enumerate(limits):
        ties.add_edges_from((("limit", k), ("item", i)) for i, _ in limit.terms)
    for r, requirement in enumerate(requirements):
        ties.add_edges_from((("requirement", r), ("item", i)) for i in requirement.items)
    parts = []
    for nodes in nx.connected_components(ties):
        chosen = {
            kind: tuple(sorted(n for k, n in nodes if k == kind))
            for kind in ("unit", "item", "limit", "requirement")
        }
        pools = (("K", 0),) if ("pool", 0) in nodes else ()
        parts.append(
            Part(
                str(len(parts)),
                *(chosen[k] for k in ("unit", "item", "limit", "requirement")),
                pools,
            )
        )
    return tuple(parts)


# --- every choice -----------------------------------------------------------------------


def rank(problem, part, levels):
    """The whole order as one tuple: stages, coupling items, then each unit."""
    inside = set(part.items)
    values = []
    for stage in problem.stages:
        if stage.name == "order":
            values += [levels[i] for i in problem.order if i in inside]
        else:
            values.append(problem.value(part, stage, levels))
    coupling = problem.coupling(part)
    groups = [coupling]
    for unit in part.units:
        own = [i for i in problem.alone(part, unit).items if i not in coupling]
        values += [0]
        groups.append(own)
    for group in groups:
        values += [
            problem.residents(group, levels),
            -problem.cost(group, levels),
            *(levels[i] for i in group),
        ]
    return tuple(values)


def search(problem, part):
    """Levels and stage values of the best choice, None where there is none."""
    found = None
    for combination in product(*(problem.items[i].levels for i in part.items)):
        levels = dict(zip(part.items, combination, strict=True))
        if not problem.broken(part, levels):
            candidate = rank(problem, part, levels), levels
            if found is None or candidate[0] > found[0]:
                found = candidate
    if found is None:
        return None
    levels = found[1]
    inside = set(part.items)
    values = [
        sum(levels[i] == problem.items[i].top for i in problem.order if i in inside)
        if stage.name == "order"
        else problem.value(part, stage, levels)
        for stage in problem.stages
    ]
    return levels, values
