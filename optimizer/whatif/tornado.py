"""The strongest levers: one number at a time down and up, the widest effect first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from optimizer.errors import ScenarioError
from optimizer.nearest import nearest
from optimizer.record.policy import Account, Bound
from optimizer.record.scenario import Scenario
from optimizer.solving.dispatch import Progress
from optimizer.solving.memory import PartMemory
from optimizer.whatif.points import MEASURES, Evaluate, Point
from optimizer.whatif.run import Executor, map_points
from optimizer.whatif.vary import check_values, decimal
from optimizer.words import Sayable, Words, languages

__all__ = ["Lever", "default_levers", "tornado"]

POINTS = Fraction(1, 20)
TENTH = "10%"


@dataclass(frozen=True, slots=True)
class Lever:
    """A number of the scenario with a lower and a higher value."""

    path: str
    low: str
    high: str


def default_levers(scenario: Scenario) -> tuple[Lever, ...]:
    """What a planner turns first.

    Pagu and prices ± 10 %, the joint share and every bound in percent ± 5 points (within what
    the policy allows for the share), bounds in rupiah ± 10 %, and the evenness from 0 to 1.
    """
    levers = [Lever("pagu", f"-{TENTH}", TENTH), Lever("prices", f"-{TENTH}", TENTH)]
    levers += _joint_share(scenario)
    for account in scenario.policy.by_id.values():
        for bound in account.bounds:
            if bound.known and not (account.pooled and bound.side == "min"):
                levers.append(_bound(account, bound))
    if any(stage.name == "welfare" for stage in scenario.stages):
        levers.append(Lever("objective.evenness", "0", "1"))
    return tuple(levers)


def _joint_share(scenario: Scenario) -> Iterator[Lever]:
    """The joint share ± 5 points within the bounds of the pool and of the field around it."""
    for pool in scenario.policy.pools:
        least = pool.bound("min") or pool.bound("exact")
        now = scenario.joint_share if isinstance(scenario.joint_share, Fraction) else None
        if now is None and least is not None:
            now = least.share
        if now is not None:
            floor = least.share if least is not None and least.share is not None else Fraction(0)
            above = (pool, scenario.policy.top[pool.id])
            shares = [b.share for a in above for b in a.bounds if b.side != "min" and b.share]
            low, high = max(now - POINTS, floor), min([now + POINTS, Fraction(1), *shares])
            yield Lever("joint_share", decimal(low), decimal(high))


def _bound(account: Account, bound: Bound) -> Lever:
    path = f"policy.{account.id.replace('/', '.')}.{bound.side}"
    if bound.share is not None:
        low, high = max(bound.share - POINTS, Fraction(0)), min(bound.share + POINTS, Fraction(1))
        return Lever(path, decimal(low), decimal(high))
    amount = bound.rupiah or 0
    return Lever(path, str(amount * 9 // 10), str(amount * 11 // 10))


def tornado(
    scenario: Scenario,
    levers: Sequence[Lever] | None = None,
    measure: str | None = None,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    executor: Executor = map_points,
) -> pd.DataFrame:
    """How far each lever alone moves a measure, the widest first.

    Parameters
    ----------
    levers
        Default: :func:`default_levers`.
    measure
        One of :data:`~optimizer.whatif.points.MEASURES`; by default ``support`` where there is
        any, else ``proposals``.

    Returns
    -------
    DataFrame
        One row for each lever: ``path``, ``low``, ``high`` (values), ``measure``, ``at_low``,
        ``base``, ``at_high``, ``swing`` (highest minus lowest), and ``outcome_low``,
        ``outcome_high`` with ``reason_id`` and ``reason_en`` where an end has no plan. Levers
        that were not reached before a stop are left out.

    Raises
    ------
    ScenarioError
        ``unknown_measure`` with the nearest one, ``unknown_path``.
    """
    if measure is not None and measure not in MEASURES:
        near = nearest(measure, MEASURES)
        raise ScenarioError("unknown_measure", name=measure, near=near, known=", ".join(MEASURES))
    levers = default_levers(scenario) if levers is None else tuple(levers)
    for lever in levers:
        check_values(scenario, lever.path, (lever.low, lever.high))
    evaluate = Evaluate(scenario, PartMemory())
    base = evaluate(())
    points = [((lever.path, value),) for lever in levers for value in (lever.low, lever.high)]
    found = executor(evaluate, points, progress, stop)
    name = measure or ("proposals" if base.measures.get("support") is None else "support")
    rows = [
        _row(lever, name, base, found[2 * k], found[2 * k + 1])
        for k, lever in enumerate(levers)
        if 2 * k in found and 2 * k + 1 in found
    ]
    columns = [
        "path", "low", "high", "measure", "at_low", "base", "at_high", "swing", "outcome_low",
        "outcome_high", *(f"reason_{lang}" for lang in languages()),
    ]  # fmt: skip
    kinds = dict.fromkeys(("at_low", "base", "at_high", "swing"), "Float64")
    frame = pd.DataFrame(rows, columns=columns).astype(kinds)
    # A stable sort: equal swings stay in the order of the levers.
    return frame.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _row(lever: Lever, name: str, base: Point, low: Point, high: Point) -> dict[str, object]:
    values = [p.measures.get(name) for p in (low, base, high)]
    known = [v for v in values if v is not None]
    reason: Sayable = low.reason or high.reason or {}
    return {
        "path": lever.path,
        "low": lever.low,
        "high": lever.high,
        "measure": name,
        "at_low": values[0],
        "base": values[1],
        "at_high": values[2],
        "swing": max(known) - min(known) if known else 0,
        "outcome_low": low.outcome,
        "outcome_high": high.outcome,
        **{f"reason_{lang}": Words(lang).tell(reason) for lang in languages()},
    }
