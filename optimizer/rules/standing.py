"""How every account of every unit stands: one answer for bars, tables and sheets alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimizer.record.policy import Account
from optimizer.rules.findings import Check, worst
from optimizer.rules.ledger import Ledger
from optimizer.rules.room import room
from optimizer.rules.status import RuleStatus, State

__all__ = ["Standing", "standings"]


# An account without a rupiah meets these, and it says more that it is empty.
_SAYS_LITTLE = frozenset({State.REACHED, State.ROOM, State.ENOUGH, State.FREE})


@dataclass(frozen=True, slots=True)
class Standing:
    """The money of one account of a unit, and what the judge says of it.

    Attributes
    ----------
    budget : int
        The unit's pagu in rupiah.
    programmed, reserved : int
        Rupiah of activities; rupiah held only because a minimum asks for it.
    lower, upper : int or None
        The account's own bounds in rupiah, as one reads them in the regulation; ``None`` where
        there is none or nobody knows it.
    room : int
        Rupiah of further activities that fit under every bound.
    checks : tuple of Check
        The judge's checks of the account's bounds.
    """

    unit: str
    account: Account
    budget: int
    programmed: int
    reserved: int
    lower: int | None
    upper: int | None
    room: int
    checks: tuple[Check, ...] = ()

    @property
    def worst(self) -> Check | None:
        """The check that decides how it stands; ``None`` where no bound is known."""
        return worst(self.checks)

    @property
    def status(self) -> RuleStatus:
        """The worst status of its bounds; without bounds it passes."""
        return self.worst.status if self.worst else RuleStatus.PASS

    @property
    def letter(self) -> str:
        """The letter that allows, or would allow, to stay below a minimum."""
        return next((c.letter for c in self.checks if c.letter), "")

    @property
    def rounding(self) -> bool:
        """Whether it is short by less than the finest step of its activities."""
        return any(c.rounding for c in self.checks)

    @property
    def state(self) -> State:
        """How it stands, in one word: the gravest of its bounds."""
        found = {check.state for check in self.checks}
        state = next((s for s in State if s in found), State.FREE)
        empty = not self.programmed + self.reserved
        return State.EMPTY if empty and state in _SAYS_LITTLE else state


def standings(ledger: Ledger, checks: Iterable[Check]) -> Mapping[str, Mapping[str, Standing]]:
    """How every account of every unit stands, by unit and account id in the regulation's order.

    Parameters
    ----------
    checks
        What the judge said of the same list: nothing is judged again here.
    """
    bounds: dict[tuple[str, str], list[Check]] = defaultdict(list)
    for check in checks:
        if check.bounds:
            bounds[check.place, check.account].append(check)
    accounts = ledger.policy.by_id
    return {
        unit.id: {
            id_: _standing(ledger, unit.id, account, tuple(bounds[unit.id, id_]))
            for id_, account in accounts.items()
        }
        for unit in ledger.dataset.territory.units
    }


def _standing(ledger: Ledger, unit: str, account: Account, checks: tuple[Check, ...]) -> Standing:
    budget = ledger.dataset.territory.by_id[unit].budget
    known = [b for b in account.bounds if b.known]
    return Standing(
        unit=unit,
        account=account,
        budget=budget,
        programmed=ledger.programmed(unit, account),
        reserved=ledger.reserved(unit, account),
        lower=max((b.lower(budget) for b in known if b.side != "max"), default=None),
        upper=min((u for b in known if (u := b.upper(budget)) is not None), default=None),
        room=room(ledger, unit, account),
        checks=checks,
    )
