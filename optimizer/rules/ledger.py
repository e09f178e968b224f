"""The books of a list: who pays what in which account, recomputed from the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from optimizer.money import split
from optimizer.record.dataset import Dataset
from optimizer.record.policy import Account, Booked, Bound, Policy
from optimizer.record.proposals import Proposal, normal_text
from optimizer.rules.findings import Listed

__all__ = ["Ledger", "contributions_due", "kelurahan_of", "on_grid"]


NONE = Fraction(0)


def kelurahan_of(dataset: Dataset, node: str) -> str:
    """The kelurahan at or above a node."""
    territory = dataset.territory
    return next(n for n in territory.path(node) if territory.level(n) == "kelurahan")


def on_grid(proposal: Proposal, volume: Fraction) -> bool:
    """Whether a volume is one of those that may be chosen."""
    return (
        proposal.least <= volume <= proposal.volume
        and (volume - proposal.least) % proposal.step == 0
    )


def contributions_due(dataset: Dataset, proposal: Proposal, volume: Fraction) -> dict[str, int]:
    """What each payer owes for a shared proposal at a volume, in rupiah.

    The least volume is split once and every step alike, so that a part is linear in the number
    of steps. What a volume between two steps costs beyond them is split by itself, so the parts
    always add up to the cost.
    """
    payers = dataset.payers(proposal)
    weights = proposal.shares or (1,) * len(payers)
    if not volume:
        return dict.fromkeys(payers, 0)
    base = proposal.cost(proposal.least)
    per_step = proposal.cost(proposal.least + proposal.step) - base
    steps = max(0, int((volume - proposal.least) / proposal.step))
    rest = proposal.cost(volume) - base - steps * per_step
    parts = zip(
        payers, split(base, weights), split(per_step, weights), split(rest, weights), strict=True
    )
    return {unit: first + steps * each + last for unit, first, each, last in parts}


@dataclass(frozen=True)
class Ledger:
    """A list under a policy, with every sum that the rules are about (whole rupiah)."""

    dataset: Dataset
    policy: Policy
    listed: Listed

    @cached_property
    def booked(self) -> Mapping[str, Booked]:
        """Where each proposal is booked."""
        return {p.id: self.policy.book(p) for p in self.dataset.proposals}

    @cached_property
    def chosen(self) -> tuple[Proposal, ...]:
        """Proposals in the list, in natural order."""
        return tuple(p for p in self.dataset.proposals if self.volume(p) > 0)

    def volume(self, proposal: Proposal) -> Fraction:
        """Volume in the list, 0 where it is not in."""
        return self.listed.volumes.get(proposal.id, NONE)

    def cost(self, proposal: Proposal) -> int:
        """Rupiah that the budget pays for it in this list."""
        return proposal.cost(self.volume(proposal))

    def account(self, proposal: Proposal) -> Account | None:
        """Its leaf account."""
        return self.booked[proposal.id].account

    def within(self, proposal: Proposal, account: Account) -> bool:
        """Whether it is booked in an account or below it."""
        leaf = self.account(proposal)
        return leaf is not None and leaf.id in self.policy.inside[account.id]

    def activity(self, proposal: Proposal) -> str:
        """Menu id of its activity; empty off the menu."""
        activity = self.booked[proposal.id].activity
        return activity.id if activity else ""

    def pooled(self, proposal: Proposal) -> bool:
        """Whether a pool pays for it."""
        account = self.account(proposal)
        return account is not None and account.pooled

    def shared(self, proposal: Proposal) -> bool:
        """Whether several units pay for it together outside the pool."""
        return not self.pooled(proposal) and len(self.dataset.payers(proposal)) > 1

    @cached_property
    def concerning(self) -> Mapping[str, tuple[Proposal, ...]]:
        """For each unit the proposals that it owns or takes part in, pooled ones too.

        Its own list comes first, in order of priority. What was not proposed is left out.
        """
        found: dict[str, list[Proposal]] = {u.id: [] for u in self.dataset.territory.units}
        for items in self.dataset.lists.values():
            for proposal in items:
                for unit in dict.fromkeys((*self.dataset.payers(proposal), proposal.owner)):
                    if unit in found:
                        found[unit].append(proposal)
        return {
            unit: tuple(sorted(items, key=lambda p: p.owner != unit))
            for unit, items in found.items()
        }

    @cached_property
    def _programmed(self) -> Mapping[str, Mapping[str, int]]:
        """Rupiah by unit and leaf; the leaf is empty where no account is known."""
        books: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for proposal in self.chosen:
            if not self.pooled(proposal) and not self.shared(proposal):
                account = self.account(proposal)
                (payer,) = self.dataset.payers(proposal)
                books[payer][account.id if account else ""] += self.cost(proposal)
        for (unit, proposal_id), amount in self.listed.contributions.items():
            booked = self.booked.get(proposal_id)
            account = booked.account if booked else None
            books[unit][account.id if account else ""] += amount
        for (unit, leaf), amount in self.listed.pool_shares.items():
            books[unit][leaf] += amount
        return books

    @cached_property
    def _reserved(self) -> Mapping[str, Mapping[str, int]]:
        books: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for (unit, leaf), amount in self.listed.reserved.items():
            books[unit][leaf] += amount
        return books

    def programmed(self, unit: str, account: Account | None = None) -> int:
        """Rupiah of a unit with an activity, in an account or in all."""
        return _total(self._programmed.get(unit, {}), account)

    def reserved(self, unit: str, account: Account | None = None) -> int:
        """Rupiah of a unit that are only held for a minimum, in an account or in all."""
        return _total(self._reserved.get(unit, {}), account)

    def idle(self, unit: str) -> int:
        """Rupiah of a unit without an activity; 0 where the pagu is exceeded."""
        return max(0, self.dataset.territory.by_id[unit].budget - self.programmed(unit))

    def pool(self, kelurahan: str, account: Account) -> int:
        """Rupiah that the units of a kelurahan give to a pool."""
        units = self.dataset.territory.units_below(kelurahan)
        return sum(self.listed.pool_shares.get((unit, account.id), 0) for unit in units)

    def pooled_in(self, kelurahan: str, account: Account) -> tuple[Proposal, ...]:
        """Proposals of a kelurahan for a pool, in order of priority, in the list or not."""
        return self._pooled.get((kelurahan, account.id), ())

    @cached_property
    def _pooled(self) -> Mapping[tuple[str, str], tuple[Proposal, ...]]:
        pooled: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
        for proposal in self.dataset.proposals:
            account = self.account(proposal)
            if account is not None and account.pooled:
                key = (kelurahan_of(self.dataset, proposal.owner), account.id)
                pooled[key].append(proposal)
        return {
            key: tuple(sorted(items, key=lambda p: (p.rank is None, p.rank or 0)))
            for key, items in pooled.items()
        }

    # --- letters ------------------------------------------------------------------------

    @cached_property
    def _letters(self) -> frozenset[tuple[str, str, str]]:
        letters = set()
        for unit, letter, subject in self.dataset.letters:
            letters.add((unit, letter.upper(), normal_text(subject)))
            match = self.policy.menu.match(subject) if self.policy.menu else None
            if match is not None:
                letters.add((unit, letter.upper(), normal_text(match.activity.id)))
        return frozenset(letters)

    def letter_for(self, unit: str, letter: str, subjects: Iterable[str]) -> bool:
        """Whether a unit's letter about one of the subjects is recorded."""
        return bool(letter) and any(
            (unit, letter.upper(), normal_text(subject)) in self._letters for subject in subjects
        )

    def waived(self, unit: str, account: Account, bound: Bound) -> bool:
        """Whether a unit's letter allows it to stay below a minimum that may be waived."""
        return bound.waivable and self.letter_for_account(unit, bound.letter, account)

    def lower(self, unit: str, account: Account) -> int:
        """Rupiah that an account's own bounds ask of a unit from below, letters counted."""
        budget = self.dataset.territory.by_id[unit].budget
        asked = (b.lower(budget) for b in account.bounds if not self.waived(unit, account, b))
        return max(asked, default=0)

    def letter_for_account(self, unit: str, letter: str, account: Account) -> bool:
        """Whether a unit's letter about an account or one above it is recorded."""
        above = self.policy.and_above(account)
        return self.letter_for(unit, letter, (s for a in above for s in (a.id, *a.name.values())))


def _total(book: Mapping[str, int], account: Account | None) -> int:
    if account is None:
        return sum(book.values())
    return sum(book.get(leaf.id, 0) for leaf in account.walk() if leaf.is_leaf)
