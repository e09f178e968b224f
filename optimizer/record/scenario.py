"""What to solve: a dataset, a policy, an objective and what was changed.

The same scenario gives the same plan, byte for byte. Any number in it can be changed by its
path (:func:`override`): that is how what-if, sweeps and the sliders work.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from math import lcm
from typing import Any

from optimizer.errors import ScenarioError
from optimizer.money import parse_share, share_ceil
from optimizer.nearest import nearest
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import Counting
from optimizer.record.policy import Bound, Certainty, Policy, Source
from optimizer.record.proposals import Proposal
from optimizer.territory import Territory, Unit

__all__ = ["STAGES", "Pin", "Scenario", "Stage", "override", "with_policy"]

PRIORITIES = "priorities"
STAGES = ("order", "support", "welfare", "fill", "equity", PRIORITIES)
EVEN = frozenset({"welfare", PRIORITIES})
BEST = "best"
EVERYWHERE = ""
"""In weights set by hand: all units that are not named."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the objective; a later stage never worsens an earlier one.

    Attributes
    ----------
    name : str
        One of :data:`STAGES`; ``priorities`` sets envelopes by field and chooses no proposal.
    evenness : Fraction
        α of ``welfare`` and ``priorities``, 0 to 1 ("prioritas teratas dulu ↔ semua bidang
        kebagian").
    over : str
        Level of ``equity``: ``rw`` or ``rt``.
    """

    name: str
    evenness: Fraction = Fraction(1, 2)
    over: str = "rw"


@dataclass(frozen=True, slots=True)
class Pin:
    """A proposal put in or out by hand, with its reason; always recorded in the result."""

    proposal: str
    inside: bool
    reason: str = ""


@dataclass(frozen=True)
class Scenario:
    """A dataset under a policy with an objective.

    Attributes
    ----------
    joint_share : Fraction, ``"best"`` or None
        Share of the pagu that each unit gives to the pool; ``None`` is the policy's minimum,
        ``"best"`` searches multiples of 0.1 %.
    order_as_borda : bool
        Whether ordered lists count as support where a place has no votes.
    alone : bool
        District fairness: every unit at least as well off as on its own.
    overrides
        (path, value) pairs that were applied, for the record.
    weights
        Weights of fields set by hand: unit id, or :data:`EVERYWHERE`, → field → number.
    """

    name: str
    dataset: Dataset
    policy: Policy
    stages: tuple[Stage, ...] = (Stage("order"),)
    joint_share: Fraction | str | None = None
    counting: Counting = Counting.RT
    order_as_borda: bool = False
    pins: tuple[Pin, ...] = ()
    overrides: tuple[tuple[str, str], ...] = ()
    solver: str = "auto"
    time_limit: float | None = None
    alone: bool = False
    weights: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Everything that decides the answer, as plain data in canonical order."""
        left_out = {"name", "solver", "time_limit", "overrides"}
        return {
            f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name not in left_out
        }

    def sha256(self) -> str:
        """Hash of the content: the same for the same question, whatever it is called."""
        text = json.dumps(self.content(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def with_pin(self, pin: Pin) -> Scenario:
        """A copy with one pin more (replacing a pin of the same proposal)."""
        kept = tuple(p for p in self.pins if p.proposal != pin.proposal)
        pins = tuple(sorted((*kept, pin), key=lambda p: p.proposal))
        return replace(self, pins=pins)


# What JSON writes as it is: most values, so they are told apart first.
_AS_IT_IS = frozenset({str, int, bool, type(None)})

# What says where a number comes from, or what was noticed, decides no answer.
_ASIDE = frozenset({"findings", "by_policy"})


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, Territory):
        return [_plain(u) for u in value.units]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in _ASIDE
        }
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in sorted(value.items())}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if hasattr(value, "activities"):  # a menu
        return [value.id, _plain(value.activities)]
    return value


# --- another policy -----------------------------------------------------------------------


def with_policy(scenario: Scenario, policy: Policy) -> Scenario:
    """The scenario under another policy, with its pagu where the data record none.

    A pagu that was changed by a share stays changed by that share; one that was set in rupiah
    stays.
    """
    before = scenario.policy.pagu or policy.pagu

    def change(unit: Unit) -> Unit:
        budget = unit.budget * policy.pagu // before if before else policy.pagu
        return replace(unit, budget=budget) if unit.by_policy else unit

    return replace(_with_units(scenario, change), policy=policy)


# --- overrides by path ------------------------------------------------------------------


def override(scenario: Scenario, path: str, value: Any) -> Scenario:
    """Return the scenario with the number at ``path`` changed.

    Paths: ``policy.<account>[.<account>].min|max|exact``, ``policy`` handled by the loader,
    ``pagu`` (rupiah, or a change such as ``-25%``), ``prices`` (factor or ``+10%``),
    ``proposals.<id>.unit_price|volume|least|own_funds``, ``objective.evenness``,
    ``joint_share``, ``count``, ``weights.<field>`` and ``weights.<unit>.<field>``. Shares are 0
    to 1, weights any number that is not negative.

    Raises
    ------
    ScenarioError
        ``unknown_path`` with the nearest known path, or ``value_out_of_range``.
    """
    head, _, rest = path.partition(".")
    handlers: Mapping[str, Callable[[Scenario, str, Any], Scenario]] = {
        "policy": _policy,
        "pagu": _pagu,
        "prices": _prices,
        "proposals": _proposal,
        "objective": _objective,
        "joint_share": _joint_share,
        "count": _count,
        "alone": lambda s, _rest, v: replace(s, alone=bool(v)),
        "weights": _weight,
    }
    if head not in handlers or (rest and head in {"pagu", "prices", "joint_share", "count"}):
        raise _unknown(path, known_paths(scenario))
    changed = handlers[head](scenario, rest, value)
    kept = tuple(o for o in scenario.overrides if o[0] != path)
    return replace(changed, overrides=(*kept, (path, str(value))))


def known_paths(scenario: Scenario) -> list[str]:
    """All paths that :func:`override` accepts for this scenario."""
    paths = ["pagu", "prices", "joint_share", "count", "objective.evenness", "alone"]
    for account in scenario.policy.by_id.values():
        dotted = account.id.replace("/", ".")
        paths += [f"policy.{dotted}.{side}" for side in ("min", "max", "exact")]
    paths += [f"weights.{account.id}" for account in scenario.policy.fields]
    for proposal in scenario.dataset.proposals:
        paths += [f"proposals.{proposal.id}.{name}" for name in _PROPOSAL_NUMBERS]
    return paths


_PROPOSAL_NUMBERS = ("unit_price", "own_funds", "volume", "least")


def _unknown(path: str, known: list[str]) -> ScenarioError:
    return ScenarioError("unknown_path", path=path, near=nearest(path, known, 0.5) or known[0])


def _out_of_range(path: str, value: Any, expected: str) -> ScenarioError:
    return ScenarioError("value_out_of_range", path=path, value=value, expected=expected)


def _share(path: str, value: Any) -> Fraction:
    try:
        share = (
            parse_share(str(value).rstrip("%")) / 100
            if str(value).endswith("%")
            else parse_share(value)
        )
    except ArithmeticError as error:
        raise _out_of_range(path, value, "0–1") from error
    if not 0 <= share <= 1:
        raise _out_of_range(path, value, "0–1")
    return share


def _number(path: str, value: Any, expected: str) -> Fraction:
    """A number that is not negative."""
    try:
        number = parse_share(value)
    except ArithmeticError as error:
        raise _out_of_range(path, value, expected) from error
    if number < 0:
        raise _out_of_range(path, value, expected)
    return number


def _whole(path: str, value: Any, expected: str) -> int:
    """Whole rupiah: 0.02 may be meant as a share, so it is refused rather than cut to 0."""
    number = _number(path, value, expected)
    if number.denominator != 1:
        raise _out_of_range(path, value, expected)
    return int(number)


def _factor(path: str, value: Any) -> Fraction:
    """``-25%`` → 3/4, ``1.1`` → 11/10."""
    text = str(value).strip()
    try:
        if text.endswith("%"):
            factor = 1 + parse_share(text[:-1]) / 100
        else:
            factor = parse_share(text)
    except ArithmeticError as error:
        raise _out_of_range(path, value, "-25%, +10%, 1.1") from error
    if factor < 0:
        raise _out_of_range(path, value, "≥ -100%")
    return factor


def _policy(scenario: Scenario, rest: str, value: Any) -> Scenario:
    path = f"policy.{rest}"
    dotted, _, side = rest.rpartition(".")
    account_id = dotted.replace(".", "/")
    account = scenario.policy.by_id.get(account_id)
    if account is None or side not in {"min", "max", "exact"}:
        raise _unknown(path, known_paths(scenario))
    old = account.bound(side)
    if old is not None and old.rupiah is not None and not str(value).endswith("%"):
        bound = replace(old, rupiah=_whole(path, value, f"Rp{old.rupiah}, 2%"))
    else:
        share = _share(path, value)
        base = old or Bound(side, origin=Source("skenario", "", Certainty.INFERENCE))
        bound = replace(base, share=share, rupiah=None)
    return replace(scenario, policy=scenario.policy.with_bound(account_id, bound))


def _with_units(scenario: Scenario, change: Callable[[Unit], Unit]) -> Scenario:
    units = Territory(change(u) for u in scenario.dataset.territory.units)
    return replace(scenario, dataset=replace(scenario.dataset, territory=units))


def _pagu(scenario: Scenario, _rest: str, value: Any) -> Scenario:
    if str(value).strip().endswith("%"):
        factor = _factor("pagu", value)
        return _with_units(scenario, lambda u: replace(u, budget=int(u.budget * factor)))
    amount = _whole("pagu", value, "75000000, -25%")
    return _with_units(scenario, lambda u: replace(u, budget=amount, by_policy=False))


def _with_proposals(scenario: Scenario, change: Callable[[Proposal], Proposal]) -> Scenario:
    proposals = tuple(change(p) for p in scenario.dataset.proposals)
    return replace(scenario, dataset=replace(scenario.dataset, proposals=proposals))


def _prices(scenario: Scenario, _rest: str, value: Any) -> Scenario:
    factor = _factor("prices", value)

    def change(proposal: Proposal) -> Proposal:
        # Prices rise to the next rupiah at which a step costs whole rupiah, so that a plan
        # never costs more than it says; own funds never exceed what they help to pay.
        pieces = _pieces(proposal)
        price = pieces * share_ceil(factor / pieces, proposal.unit_price)
        own_funds = min(proposal.own_funds, int(price * proposal.least))
        return replace(proposal, unit_price=price, own_funds=own_funds)

    return _with_proposals(scenario, change)


def _pieces(proposal: Proposal) -> int:
    """Of what the price must be a multiple, so that every step costs whole rupiah."""
    if proposal.least == proposal.volume:
        return 1
    return lcm(proposal.least.denominator, proposal.step.denominator)


def _proposal(scenario: Scenario, rest: str, value: Any) -> Scenario:
    proposal_id, _, name = rest.rpartition(".")
    path = f"proposals.{rest}"
    proposal = scenario.dataset.by_id.get(proposal_id)
    if proposal is None or name not in _PROPOSAL_NUMBERS:
        raise _unknown(path, known_paths(scenario))
    if name == "unit_price":
        changed = replace(proposal, unit_price=_whole(path, value, "Rp0, Rp1, …"))
    elif name == "own_funds":
        changed = replace(proposal, own_funds=_whole(path, value, "Rp0, Rp1, …"))
    else:
        changed = _resized(proposal, name, path, value)
    if changed.unit_price % _pieces(changed):
        raise ScenarioError("steps_not_whole", path=path, value=value, pieces=_pieces(changed))
    most = int(changed.unit_price * changed.least)
    if changed.own_funds > most:
        raise ScenarioError("own_funds_exceed", path=path, value=value, cost=most)
    return _with_proposals(scenario, lambda p: changed if p.id == proposal_id else p)


def _resized(proposal: Proposal, name: str, path: str, value: Any) -> Proposal:
    """Another asked or least volume; the steps still lead from one to the other."""
    number = _number(path, value, "> 0")
    if not number:
        raise _out_of_range(path, value, "> 0")
    if name == "least" and number > proposal.volume:
        raise _out_of_range(path, value, f"≤ {proposal.volume}")
    fixed = proposal.least == proposal.volume
    if name == "volume":
        volume, least = number, number if fixed else min(proposal.least, number)
    else:
        volume, least = proposal.volume, number
    if least == volume:
        return replace(proposal, volume=volume, least=volume, step=volume)
    # What could not be reduced has no step of its own: all or the least.
    step = volume - least if fixed else proposal.step
    return replace(proposal, volume=volume, least=least + (volume - least) % step, step=step)


def _objective(scenario: Scenario, rest: str, value: Any) -> Scenario:
    if rest != "evenness":
        raise _unknown(f"objective.{rest}", known_paths(scenario))
    evenness = _share("objective.evenness", value)
    if not any(s.name in EVEN for s in scenario.stages):
        raise ScenarioError("no_evenness")
    return replace(
        scenario,
        stages=tuple(
            replace(s, evenness=evenness) if s.name in EVEN else s for s in scenario.stages
        ),
    )


def _weight(scenario: Scenario, rest: str, value: Any) -> Scenario:
    """``weights.<field>`` for all units, ``weights.<unit>.<field>`` for one of them."""
    place, _, name = rest.rpartition(".")
    if name not in scenario.policy.by_id:
        raise _unknown(f"weights.{rest}", known_paths(scenario))
    weight = _number(f"weights.{rest}", value, "≥ 0")
    mine = {**scenario.weights.get(place, {}), name: weight}
    return replace(scenario, weights={**scenario.weights, place: mine})


def _joint_share(scenario: Scenario, _rest: str, value: Any) -> Scenario:
    share = BEST if value == BEST else _share("joint_share", value)
    return replace(scenario, joint_share=share)


def _count(scenario: Scenario, _rest: str, value: Any) -> Scenario:
    try:
        return replace(scenario, counting=Counting(str(value)))
    except ValueError as error:
        raise _out_of_range("count", value, ", ".join(Counting)) from error
