"""The same question many times: a sweep, and votes drawn again."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.setting import Setting, kaliombo
from benchmarks.timing import Peer, Row, Timing, timed
from optimizer.planning import optimize
from optimizer.record.scenario import Scenario
from optimizer.whatif.points import changed
from optimizer.whatif.stability import stability
from optimizer.whatif.sweep import Sweep, sweep

__all__ = ["resamples", "resamples_shared", "sweep_row"]

PATH = "policy.kesehatan.max"


def sweep_row(setting: Setting) -> Row:
    """Twenty values of one bound, each point a verified plan; compiling and judging included."""
    scenario = kaliombo()
    count = 3 if setting.quick else 20
    values = [f"{0.05 + 0.35 * k / (count - 1):.4f}" for k in range(count)]
    found, time = timed(lambda: sweep(scenario, PATH, values), setting.few, warm=False)
    sample = values[:: max(1, count // 4)]

    def again() -> list[dict[str, int]]:
        points = [changed(scenario, ((PATH, value),)) for value in sample]
        return [dict(optimize(replace(p, solver="reference")).values) for p in points]

    repeated, repeating = timed(again, warm=False)
    share = count / len(sample)
    peer = Peer(
        "pulp-highs",
        repeating.times(share),
        repeated == _stages(found, sample),
        note=f"{len(sample)}/{count}",
    )
    return Row("sweep", time, (peer,), {"points": count}, {} if setting.quick else {"seconds": 3})


def _stages(found: Sweep, values: list[str]) -> list[dict[str, int]]:
    stages = {point.changes[0][1]: dict(point.stages) for point in found.points}
    return [stages[value] for value in values]


def resamples(setting: Setting) -> Row:
    """Votes drawn again 1 000 times, without what several RT pay for together."""
    scenario = kaliombo()
    alone = tuple(
        p
        for p in scenario.dataset.proposals
        if len(scenario.dataset.payers(p)) == 1 or p.level == "kelurahan"
    )
    return _resampled(
        "resamples",
        replace(scenario, dataset=replace(scenario.dataset, proposals=alone)),
        setting,
        30,
    )


def resamples_shared(setting: Setting) -> Row:
    """Votes drawn again 1 000 times, with shared RW projects."""
    return _resampled("resamples-shared", kaliombo(), setting, 60)


def _resampled(name: str, scenario: Scenario, setting: Setting, seconds: float) -> Row:
    count = 10 if setting.quick else 1000
    found, time = timed(lambda: stability(scenario, count, 1), warm=False)
    few = 2 if setting.quick else 11
    reference = replace(scenario, solver="reference")
    # The plan itself is solved first: what a draw takes is the difference.
    _, first = timed(lambda: stability(reference, 1, 1), warm=False)
    again, several = timed(lambda: stability(reference, few, 1), warm=False)
    same = again.times == stability(scenario, few, 1).times
    peer = Peer("pulp-highs", _extended(first, several, few, count), same, note=f"{few}/{count}")
    return Row(
        name, time, (peer,), {"draws": found.draws}, {} if setting.quick else {"seconds": seconds}
    )


def _extended(first: Timing, several: Timing, few: int, count: int) -> Timing:
    """From one draw and a few to all of them."""
    factor = (count - 1) / (few - 1)
    return Timing(
        first.seconds + (several.seconds - first.seconds) * factor,
        first.cpu + (several.cpu - first.cpu) * factor,
        1,
    )
