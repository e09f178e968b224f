"""Whether an item of a list could take one step more, if everything lower were dropped.

What is lower stays only where something needs it: a pin, a mandatory activity, a prerequisite, a
minimum of a rule. Dropping anything else never breaks a rule, because maxima only ask for less
and minima of accounts hold their money without an activity. So it is enough to mend what is
broken or missing, one step at a time, in every way there is; if all ways pass a maximum, there is
no such plan. A plan that is found is looked at once more as a whole before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from optimizer.record.kinds import ItemRule
from optimizer.record.proposals import Proposal
from optimizer.rules.findings import Check, Listed
from optimizer.rules.items import list_rules
from optimizer.rules.ledger import Ledger
from optimizer.rules.purses import Purses
from optimizer.rules.ranking import Ranking
from optimizer.rules.status import RuleStatus

__all__ = ["Completion", "Undecided"]

# So many lists are looked at for one item; more would be solving.
MOST = 500
NONE = Fraction(0)

Volumes: TypeAlias = Mapping[str, Fraction]


class Undecided(Exception):
    """There are more ways than are looked at."""


@dataclass(frozen=True, slots=True)
class _Broken:
    """A rule that a list breaks or falls short of, and the activities of which more mends it."""

    rule: str
    place: str
    mended_by: frozenset[str]


class Completion:
    """One item, and what is lower and tied to it; what stands higher is as planned.

    Parameters
    ----------
    purses
        Money, with what stands higher paid.
    """

    def __init__(self, ranking: Ranking, purses: Purses, item: Proposal) -> None:
        self.ranking, self.item = ranking, item
        self._purses = purses
        self._lower = {p.id: p for p in ranking.below(item)}
        self._all = (item, *self._lower.values())
        self._owners = ranking.owners_near(self._all)
        self.needs = ranking.needs(self._all)
        planned = ranking.ledger.listed.volumes
        self._met = sum(any(planned.get(i) for i in which) for which in self.needs.values())
        self._left = MOST
        self._beyond: dict[frozenset[str], frozenset[tuple[str, str]]] = {}

    def exists(self) -> bool:
        """Whether a plan keeps what stands higher and gives this item more.

        Raises
        ------
        Undecided
            Where too many ways would have to be tried.
        """
        stays = self._bound()
        held = {i: p.least for i, p in self._lower.items() if i in stays}
        for more in self._volumes():
            start = {**held, self.item.id: more}
            broken = self.broken(self._owners, start) if self.pays(start, self._all) else None
            if broken is None or not all(b.mended_by for b in broken):
                return False  # and with still more of it no less
            if self._mended(start, broken):
                return True
        return False

    def _bound(self) -> frozenset[str]:
        """Items that stay: what is pinned, and what alone meets a need where none may be missed."""
        alone = frozenset(m[0] for m in self.needs.values() if len(m) == 1)
        return self.ranking.inside | (alone if self._met == len(self.needs) else frozenset())

    def _volumes(self) -> Iterator[Fraction]:
        """One step more; where a rule asks for a least volume, also all that is above it."""
        volume = self.ranking.ledger.volume(self.item)
        while volume := self.ranking.next_volume(self.item, volume):
            yield volume
            if self.ranking.ledger.activity(self.item) not in self.ranking.with_minimum:
                return

    def _mended(self, start: Volumes, broken: Sequence[_Broken]) -> bool:
        """Whether all that is needed can be brought back beside a start."""
        plan = dict(start)
        for items in self.ranking.apart(self._lower.values()):
            found = _Piece(self, items, broken).best(start)
            if found is None:
                return False
            plan |= found
        enough = len(self.met(plan)) >= self._met
        return enough and self.pays(plan, self._all) and not self.broken(self._owners, plan)

    # --- one list of volumes --------------------------------------------------------------

    def volume(self, proposal: str, volumes: Volumes) -> Fraction:
        """The volume of a proposal: what is lower is out unless it was brought back."""
        if proposal in self._lower or proposal == self.item.id:
            return volumes.get(proposal, NONE)
        return self.ranking.ledger.listed.volumes.get(proposal, NONE)

    def pays(self, volumes: Volumes, items: Iterable[Proposal]) -> bool:
        """Whether the money beside what stands higher is enough for some items."""
        purses = self._purses.fork()
        for proposal in items:
            if volume := volumes.get(proposal.id):
                if not purses.fits(proposal, volume):
                    return False
                purses.pay(proposal, volume)
        return True

    def met(self, volumes: Volumes) -> set[Hashable]:
        """The mandatory activities that are in."""
        return {k for k, m in self.needs.items() if any(self.volume(i, volumes) for i in m)}

    def broken(self, owners: frozenset[str], volumes: Volumes) -> list[_Broken]:
        """Rules that the lists of some owners break or fall short of.

        A minimum that a list cannot reach even in full is a finding, and forbids nothing.

        Raises
        ------
        Undecided
            Where this was asked too often.
        """
        self._left -= 1
        if self._left < 0:
            raise Undecided
        found = []
        for rule, check in self._judged(owners, lambda p: self.volume(p.id, volumes)):
            if check.status is RuleStatus.BREACH:
                found.append(_Broken(rule.id, check.place, frozenset(rule.requires)))
            elif _short(rule, check) and (rule.id, check.place) not in self._unreachable(owners):
                found.append(_Broken(rule.id, check.place, frozenset(rule.activities)))
        return found

    def _judged(
        self, owners: frozenset[str], volume: Callable[[Proposal], Fraction]
    ) -> Iterator[tuple[ItemRule, Check]]:
        ledger = self.ranking.ledger
        lists = ledger.dataset.lists
        items = tuple(p for owner in sorted(owners) for p in lists.get(owner, ()))
        volumes = {p.id: volume(p) for p in items}
        few = replace(ledger.dataset, proposals=items)
        return list_rules(Ledger(few, ledger.policy, Listed(volumes)))

    def _unreachable(self, owners: frozenset[str]) -> frozenset[tuple[str, str]]:
        if owners not in self._beyond:
            full = self._judged(owners, self.ranking.most)
            self._beyond[owners] = frozenset((r.id, c.place) for r, c in full if _short(r, c))
        return self._beyond[owners]


def _short(rule: ItemRule, check: Check) -> bool:
    return check.status is RuleStatus.FINDING and rule.minimum is not None


class _Piece:
    """Lower items that nothing ties to the rest, and what is broken without them."""

    def __init__(
        self, question: Completion, items: Sequence[Proposal], broken: Iterable[_Broken]
    ) -> None:
        self._question, self._ranking = question, question.ranking
        self._paid = (question.item, *items)
        self._useful = [p for p in items if self._ranking.is_wanted(p)]
        self._activities = {p.id: question.ranking.ledger.activity(p) for p in self._useful}
        ids = set(self._activities)
        self._needs = {k: m for k, m in question.needs.items() if not ids.isdisjoint(m)}
        self._elsewhere = {b for b in broken if b.mended_by.isdisjoint(self._activities.values())}
        self._owners = self._ranking.owners_near(items)
        self._best: tuple[int, Volumes] | None = None

    def best(self, start: Volumes) -> Volumes | None:
        """What brings back the most mandatory activities and breaks nothing, if anything does."""
        if not self._useful:
            return start
        seen: set[Hashable] = set()
        waiting = [(start, frozenset[Hashable]())]
        while waiting:
            volumes, given_up = waiting.pop()
            state = frozenset(volumes.items()), given_up
            if state not in seen and self._question.pays(volumes, self._paid):
                seen.add(state)
                waiting += self._ways(volumes, given_up)
        return self._best[1] if self._best else None

    def _ways(
        self, volumes: Volumes, given_up: frozenset[Hashable]
    ) -> Iterator[tuple[Volumes, frozenset[Hashable]]]:
        """What may mend the first thing that is broken or missing; the likeliest way last."""
        question = self._question
        broken = [b for b in question.broken(self._owners, volumes) if b not in self._elsewhere]
        if broken:
            mended_by = min((b.mended_by for b in broken), key=bool)
            mends = [p for p in self._useful if self._activities[p.id] in mended_by]
        else:
            met = question.met(volumes) & self._needs.keys()
            missing = [k for k in self._needs if k not in met and k not in given_up]
            if self._best is not None and len(self._needs) - len(given_up) <= self._best[0]:
                return
            if not missing:
                self._best = len(met), volumes
                return
            yield volumes, given_up | {missing[0]}
            mends = [p for p in self._useful if p.id in self._needs[missing[0]]]
        for proposal in reversed(mends):
            more = self._ranking.next_volume(proposal, volumes.get(proposal.id, NONE))
            if more:
                yield {**volumes, proposal.id: more}, given_up
