"""What people made, opened by its content and judged: the first door.

A recap, minutes, a dataset, a scenario or a plan all become one :class:`Opened`; checking it
gives a :class:`Report`, which the command line, the sheets and the screens read alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from optimizer.errors import Finding, RembugError, Severity
from optimizer.files.datasets import load_dataset
from optimizer.files.policies import list_policies, load_policy
from optimizer.files.recap import Recap, read_recap
from optimizer.files.recap_dataset import FromRecap, dataset_from_recap, unpack
from optimizer.files.scenarios import load_scenario
from optimizer.files.tables import read_tables
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.dataset import Dataset
from optimizer.record.kinds import Quantity, kinds_limited_in
from optimizer.record.policy import Policy
from optimizer.record.scenario import Scenario
from optimizer.rules import (
    WORST_FIRST,
    Check,
    Listed,
    RuleStatus,
    Standing,
    as_recorded,
    check_ledger,
    check_rules,
    list_checks,
    standings,
)
from optimizer.rules.ledger import Ledger
from optimizer.territory import naturally
from optimizer.words import Words

__all__ = ["Opened", "Origin", "Report", "check", "check_opened", "open_recap", "open_source",
           "policy_for"]  # fmt: skip

PROGRAMME = "kediri"
"""The official recap is a form of this programme, so its year alone names the policy."""

_DATASET_SHEETS = {"wilayah", "usulan"}
_COUNTING = kinds_limited_in(Quantity.VOLUME, Quantity.UNIT_PRICE)
_COUNT_RULES = _COUNTING | {"price"}
_AMOUNT_RULES = kinds_limited_in(Quantity.RUPIAH, Quantity.UNIT_PRICE) | {"bound", "price"}


class Origin(StrEnum):
    """What was opened."""

    RECAP = "recap"
    DATASET = "dataset"
    SCENARIO = "scenario"


@dataclass(frozen=True)
class Opened:
    """A source, whatever it was, ready to be judged or printed.

    Attributes
    ----------
    recorded : Listed
        The list that the meetings made.
    source
        The recap, where it was one.
    plan
        The plan, where a scenario was opened to be solved; everything in it is computed.
    """

    name: str
    origin: Origin
    dataset: Dataset
    policy: Policy
    recorded: Listed
    source: FromRecap | None = None
    scenario: Scenario | None = None
    plan: Plan | None = None

    def refuse_simulation(self) -> Opened:
        """Itself, where it may be printed as what a meeting recorded.

        Raises
        ------
        RembugError
            ``source_simulated`` where the file says that it was computed.
        """
        if self.source is not None and self.source.simulated:
            raise RembugError("source_simulated", path=self.name)
        return self

    def as_scenario(self, name: str = "") -> Scenario:
        """What was opened as something to solve; rows of a recap without a cost stay out."""
        if self.scenario is not None:
            return self.scenario
        dataset = self.source.priced() if self.source is not None else self.dataset
        return Scenario(name=name or self.name, dataset=dataset, policy=self.policy)

    @property
    def listed(self) -> Listed:
        """What is judged: the plan where there is one, else what was recorded."""
        return self.plan.listed if self.plan else self.recorded

    @cached_property
    def ledger(self) -> Ledger:
        """The books of what is judged."""
        return Ledger(self.dataset, self.policy, self.listed)

    @cached_property
    def recorded_ledger(self) -> Ledger:
        """The books of what was recorded."""
        return Ledger(self.dataset, self.policy, self.recorded)


@dataclass(frozen=True)
class Report:
    """Every rule at every place, and what the reader found.

    ``checks`` holds passes too; places in natural order.
    """

    opened: Opened
    checks: tuple[Check, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the reader found in the file."""
        return self.opened.dataset.findings

    @cached_property
    def by_place(self) -> Mapping[str, tuple[Check, ...]]:
        """The checks of each place, worst first."""
        places: dict[str, list[Check]] = {}
        for check in self.checks:
            places.setdefault(check.place, []).append(check)
        return {
            place: tuple(sorted(found, key=lambda c: WORST_FIRST.index(c.status)))
            for place, found in places.items()
        }

    def status(self, place: str) -> RuleStatus:
        """The worst status of a place; what cannot be checked counts as neither good nor bad."""
        known = {c.status for c in self.by_place.get(place, ())} - {RuleStatus.UNKNOWN}
        return next((s for s in WORST_FIRST if s in known), RuleStatus.PASS)

    def units(self, status: RuleStatus) -> tuple[str, ...]:
        """Budget units whose worst status this is."""
        units = self.opened.dataset.territory.units
        return tuple(u.id for u in units if self.status(u.id) is status)

    @cached_property
    def problems(self) -> tuple[Check, ...]:
        """Findings and breaches."""
        return tuple(c for c in self.checks if c.problem)

    def told(self, place: str) -> tuple[Check, ...]:
        """Problems of a place, worst first, without what an account below it says better."""
        found = [c for c in self.by_place.get(place, ()) if c.problem]
        inside = self.opened.policy.inside
        return tuple(c for c in found if not (c.bounds and _said_below(c, found, inside)))

    @cached_property
    def unknown(self) -> tuple[Check, ...]:
        """Rules that the input cannot answer."""
        return tuple(c for c in self.checks if c.status is RuleStatus.UNKNOWN)

    @cached_property
    def idle(self) -> Mapping[str, int]:
        """Rupiah of each unit without an activity."""
        units = self.opened.dataset.territory.units
        return {u.id: self.opened.ledger.idle(u.id) for u in units}

    @cached_property
    def standings(self) -> Mapping[str, Mapping[str, Standing]]:
        """How every account of every unit stands, by unit and account id."""
        return standings(self.opened.ledger, self.checks)

    @property
    def clean(self) -> bool:
        """Whether nothing needs attention: no finding, no breach, no warning of the reader."""
        serious = any(f.severity is not Severity.NOTE for f in self.findings)
        return not self.problems and not serious


def _said_below(
    check: Check, checks: Iterable[Check], inside: Mapping[str, frozenset[str]]
) -> bool:
    """Whether an account below is over, or short, by the same amount: it says more."""
    return any(
        other.bounds
        and other.account in inside[check.account]
        and other.account != check.account
        and (other.amount, other.status) == (check.amount, check.status)
        for other in checks
    )


# --- opening ----------------------------------------------------------------------------


def policy_for(year: int | None, asked: str | None) -> Policy:
    """The policy asked for, else the programme's of a fiscal year in its default reading.

    Raises
    ------
    RembugError
        ``policy_needed`` where the year names none, with the choices.
    """
    if asked:
        return load_policy(asked)
    ours = [p for p in list_policies() if p.id.startswith(PROGRAMME)]
    fitting = [p for p in ours if year in (p.fiscal_year, *p.fiscal_years)]
    default = [p for p in fitting if f"{PROGRAMME}-{year}" in (p.id, *p.aliases)]
    if default or len(fitting) == 1:
        return (default or fitting)[0]
    known = ", ".join(p.id for p in fitting or ours)
    raise RembugError("policy_needed", year=year or "–", known=known)


def open_source(
    path: Path | str, policy: str | None = None, sheet: str | None = None, *, solve: bool = False
) -> Opened:
    """Open a file or folder by what it holds.

    Parameters
    ----------
    policy
        Policy id or file; default the one that the source's year names.
    sheet
        The sheet to read where several could be the recap.
    solve : bool
        Whether a scenario is solved, too.

    Raises
    ------
    RembugError
        What the readers raise, ``policy_needed``, ``source_missing``.
    """
    path = Path(path)
    if path.suffix.lower() in {".yaml", ".yml"} or (not path.exists() and not path.suffix):
        return _scenario(path, policy, solve)
    if path.is_dir() or _is_workbook_dataset(path):
        return _dataset(path, policy)
    if not path.exists():
        raise RembugError("source_missing", path=path.name)
    return open_recap(read_recap(path, sheet=sheet), policy)


def open_recap(recap: Recap, policy: str | None = None) -> Opened:
    """A recap that is read already, ready to be judged; as :func:`open_source`."""
    chosen = policy_for(recap.year, policy)
    source = dataset_from_recap(recap, chosen)
    return Opened(
        name=recap.name,
        origin=Origin.RECAP,
        dataset=source.dataset,
        policy=chosen,
        recorded=source.listed(chosen),
        source=source,
    )


def _is_workbook_dataset(path: Path) -> bool:
    if path.suffix.lower() != ".xlsx" or not path.exists():
        return False
    names = {s.name.strip().casefold() for s in read_tables(path).sheets}
    return names >= _DATASET_SHEETS


def _dataset(path: Path, asked: str | None) -> Opened:
    dataset = load_dataset(path)
    policy = policy_for(dataset.meta.fiscal_year or None, asked)
    if any(not u.budget for u in dataset.territory.units) or asked:
        dataset = load_dataset(path, default_pagu=policy.pagu)
    return Opened(path.name, Origin.DATASET, dataset, policy, _recorded(dataset, policy))


def _recorded(dataset: Dataset, policy: Policy) -> Listed:
    """The list as recorded; without one joint project nobody knows what the pool holds."""
    books = Ledger(dataset, policy, Listed({}))
    pooled = any(books.pooled(p) for p in dataset.proposals)
    return replace(as_recorded(dataset, policy), pool_known=pooled)


def _scenario(path: Path, asked: str | None, solve: bool) -> Opened:
    scenario = load_scenario(path)
    if asked:
        scenario = replace(scenario, policy=load_policy(asked))
    share = scenario.joint_share
    recorded = as_recorded(
        scenario.dataset, scenario.policy, None if isinstance(share, str) else share
    )
    return Opened(
        scenario.name,
        Origin.SCENARIO,
        scenario.dataset,
        scenario.policy,
        recorded,
        scenario=scenario,
        plan=optimize(scenario) if solve else None,
    )


# --- judging ----------------------------------------------------------------------------


def check(path: Path | str, policy: str | None = None, sheet: str | None = None) -> Report:
    """Check a recap, minutes, dataset or scenario; see :func:`open_source`."""
    return check_opened(open_source(path, policy, sheet))


def check_opened(opened: Opened) -> Report:
    """Judge what was opened by every rule of its policy."""
    checks: Iterable[Check] = (*check_ledger(opened.ledger), *list_checks(opened.ledger))
    checks = _counted(opened, checks)
    if opened.source is not None:
        checks = [_as_known(opened, opened.source, c) for c in checks if not _nameless(opened, c)]
    return Report(opened, tuple(naturally(checks, lambda c: c.place)))


def _counted(opened: Opened, checks: Iterable[Check]) -> list[Check]:
    """Rules on volumes and unit prices again, with what packages hold.

    A row whose unit price is no whole rupiah is kept as one package ("7 unit"); the rules that
    count its units must see seven.
    """
    checks = list(checks)
    packages = {}
    for proposal in opened.dataset.proposals:
        volume, measure = unpack(proposal)
        if volume and measure != proposal.measure and opened.listed.volumes.get(proposal.id):
            price = -(-proposal.full_cost // volume)
            packages[proposal.id] = replace(
                proposal, volume=volume, least=volume, step=volume, measure=measure,
                unit_price=int(price),
            )  # fmt: skip
    if not packages:
        return checks
    proposals = tuple(packages.get(p.id, p) for p in opened.dataset.proposals)
    volumes = {**opened.listed.volumes, **{i: p.volume for i, p in packages.items()}}
    opened_up = check_rules(
        replace(opened.dataset, proposals=proposals),
        opened.policy,
        replace(opened.listed, volumes=volumes),
    )
    return [c for c in checks if c.kind not in _COUNTING] + [
        c for c in opened_up if c.kind in _COUNTING
    ]


def _nameless(opened: Opened, check: Check) -> bool:
    """Whether a check judges the words of a row that has none: its own finding says so."""
    by_id = opened.dataset.by_id
    return check.kind in {"menu", "menu_field"} and any(
        not by_id[i].description for i in check.about
    )


def _as_known(opened: Opened, source: FromRecap, check: Check) -> Check:
    """A finding that rests on an amount or a volume that could not be read is unknown."""
    if check.status is not RuleStatus.FINDING:
        return check
    about = set(check.about)
    unread = check.kind in _COUNT_RULES and bool(about & source.uncounted)
    if check.kind in _AMOUNT_RULES:
        unread = unread or bool(about & source.unpriced) or _unread_bound(opened, source, check)
    known = Words.has(f"check.{check.kind}.unknown")
    return replace(check, status=RuleStatus.UNKNOWN, remedy=None) if unread and known else check


def _unread_bound(opened: Opened, source: FromRecap, check: Check) -> bool:
    """Whether a unit's account that falls short holds a row whose cost could not be read."""
    if not check.bounds:
        return False
    account = opened.policy.by_id[check.account]
    ledger = opened.ledger
    return any(
        p.id in source.unpriced and ledger.within(p, account)
        for p in ledger.concerning.get(check.place, ())
    )
