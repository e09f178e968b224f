"""One RT, a kelurahan, a city: solved by the lists and by the peers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from benchmarks.peers import Run, as_peer, cbc, matrices, solve_matrices, whole
from benchmarks.setting import Setting, city_file
from benchmarks.timing import Peer, Row, peak_mb, timed
from optimizer.formulation.problem import Part, Problem
from optimizer.solving.dispatch import solve, solve_one
from optimizer.solving.outcome import Answer, Clock
from optimizer.solving.pareto import in_out_values
from optimizer.solving.pareto.solve import best_levels, stage_values

__all__ = ["city", "kelurahan", "margins", "one_rt", "support"]


def one_rt(setting: Setting) -> Row:
    """All stages and the tie-break of the RT with the most proposals."""
    problem = setting.kelurahan
    part = max((p for p in problem.parts if len(p.units) == 1), key=lambda p: len(p.items))
    ours, time = timed(lambda: solve_one(problem, part, "fast", Clock()), setting.runs)
    return Row(
        "rt",
        time,
        (
            _highs(problem, [part], ours, setting, "split", ties=True),
            _reference(problem, [part], ours, setting),
        ),
        _size(problem, [part]),
    )


def support(setting: Setting) -> Row:
    """Kaliombo, support alone; ours breaks ties as well."""
    problem = setting.only(setting.kelurahan, "support")
    ours, time = timed(lambda: solve(problem), setting.runs)
    everything = whole(problem)
    return Row(
        "kelurahan-support",
        time,
        (
            _highs(problem, [everything], ours, setting, "whole", ties=False),
            _highs(problem, problem.parts, ours, setting, "split", ties=False),
            _reference(problem, problem.parts, ours, setting),
            _cbc(problem, everything, ours, setting),
        ),
        _size(problem, problem.parts),
        {"seconds": 0.2, "factor:highs-whole": 5, "factor:highs-split": 5},
    )


def kelurahan(setting: Setting) -> Row:
    """Kaliombo, all stages and the tie-break."""
    problem = setting.kelurahan
    ours, time = timed(lambda: solve(problem), setting.runs)
    everything = whole(problem)
    return Row(
        "kelurahan",
        time,
        (
            _highs(problem, [everything], ours, setting, "whole", ties=True),
            _highs(problem, problem.parts, ours, setting, "split", ties=True),
            _reference(problem, problem.parts, ours, setting),
            _cbc(problem, everything, ours, setting),
        ),
        _size(problem, problem.parts),
        {"seconds": 0.2, "factor:highs-whole": 20, "factor:highs-split": 20},
    )


def city(setting: Setting) -> Row:
    """46 kelurahan, all stages and the tie-break; memory beyond the compiled problem."""
    problem = setting.city
    ours, time = timed(lambda: solve(problem), setting.few, warm=False)
    peers: tuple[Peer, ...] = ()
    if not setting.quick:
        peers = (
            _highs(problem, problem.parts, ours, setting, "split", ties=True),
            _reference(problem, problem.parts, ours, setting),
        )
    return Row(
        "city",
        time,
        peers,
        _size(problem, problem.parts),
        {"seconds": 6, "mb": 300},
        {
            "outcome": ours.outcome.value,
            "solving_mb": peak_mb(lambda: solve(problem)),
            **({} if setting.quick else _command()),
        },
    )


_COMMAND = """
import contextlib, io, sys, time
from optimizer.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(["plan", sys.argv[1]])
memory = 0
with contextlib.suppress(ImportError):
    import resource
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.process_time(), memory)
"""


def _command() -> dict[str, float]:
    """The whole command ``rembug plan`` in a process of its own: reading, judging, printing.

    Memory is the peak of the whole process (in kilobytes on Linux).
    """
    run = subprocess.run(
        [sys.executable, "-c", _COMMAND, str(city_file())],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kilobytes = map(float, run.stdout.split())
    return {"command_seconds": seconds, "mb": kilobytes / 1000}


def margins(setting: Setting) -> Row:
    """The best plan with each proposal in, and with it out, against solving again for each."""
    problem = setting.kelurahan

    def ours() -> dict[int, object]:
        return {i: v for part in problem.parts for i, v in in_out_values(problem, part).items()}

    found, time = timed(ours, setting.few)
    parts = problem.parts[:3] if setting.quick else problem.parts

    def again() -> dict[int, object]:
        return {i: _in_out(problem, part, i) for part in parts for i in part.items}

    repeated, repeating = timed(again, warm=False)
    same = all(found[i] == pair for i, pair in repeated.items())
    share = len(found) / len(repeated)
    note = "" if share == 1 else f"{len(repeated)}/{len(found)}"
    return Row(
        "margins",
        time,
        (Peer("lists-again", repeating.times(share), same, note=note),),
        _size(problem, problem.parts),
        {"seconds": 1},
    )


def _in_out(problem: Problem, part: Part, index: int) -> tuple[tuple[int, ...] | None, ...]:
    top = problem.items[index].top
    solved = (best_levels(problem, part, {index: tried}) for tried in (range(1, top + 1), (0,)))
    return tuple(None if s is None else stage_values(problem, part, s) for s in solved)


# --- peers --------------------------------------------------------------------------------


def _size(problem: Problem, parts: Sequence[Part]) -> dict[str, int]:
    return {
        "units": sum(len(p.units) for p in parts),
        "proposals": sum(len(p.items) for p in parts),
        "parts": len(parts),
    }


def _stages(problem: Problem, levels: Mapping[int, int]) -> tuple[int, ...]:
    """Exact stage values of a choice over the whole problem."""
    return tuple(problem.value(whole(problem), stage, levels) for stage in problem.stages)


def _highs(
    problem: Problem,
    parts: Sequence[Part],
    ours: Answer,
    setting: Setting,
    name: str,
    *,
    ties: bool,
) -> Peer:
    made = matrices(problem, parts, ties=ties)
    return _measured(
        f"highs-{name}", problem, ours, setting, lambda: solve_matrices(made, setting.limit)
    )


def _cbc(problem: Problem, part: Part, ours: Answer, setting: Setting) -> Peer:
    return _measured("pulp-cbc", problem, ours, setting, lambda: cbc(problem, part, setting.limit))


def _reference(problem: Problem, parts: Sequence[Part], ours: Answer, setting: Setting) -> Peer:
    """PuLP and HiGHS as the engine uses them: split, coupling first, ties broken."""

    def run() -> Run:
        levels: dict[int, int] = {}
        for part in parts:
            levels |= solve_one(problem, part, "reference", Clock()).levels
        return Run(levels)

    return _measured("pulp-highs", problem, ours, setting, run)


def _measured(
    name: str, problem: Problem, ours: Answer, setting: Setting, function: Callable[[], Run]
) -> Peer:
    """A peer's time and whether its stage values are ours; what is slow runs once."""
    run, time = timed(function, warm=False)
    if not run.stopped and not run.failed and time.seconds < 1:
        run, time = timed(function, setting.few, warm=False)
    mine = {i: level for i, level in ours.levels.items() if i in run.levels}
    same = _stages(problem, mine) == _stages(problem, run.levels)
    return as_peer(name, run, time, setting.limit, same=same)
