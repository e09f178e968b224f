"""Recorded letters (Surat Pernyataan) and what they lift."""

from __future__ import annotations

from collections.abc import Iterable

from optimizer.record.dataset import Dataset
from optimizer.record.policy import Account, ItemRule, Policy
from optimizer.record.proposals import normal_text
from optimizer.territory import Unit

__all__ = ["Letters"]


class Letters:
    """Letters by unit; what they are about is compared as people write it.

    A letter is about an account, its field, a rule or an activity, by id or by name; an activity
    is recognised in a text as it is in a proposal.
    """

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self._policy = policy
        self._known = {
            (unit, letter.upper(), name)
            for unit, letter, subject in dataset.letters
            for name in self._names(subject)
        }

    def _names(self, subject: str) -> set[str]:
        match = self._policy.menu.match(subject) if self._policy.menu else None
        names = {subject, match.activity.id} if match else {subject}
        return {normal_text(name) for name in names}

    def _recorded(self, unit: str, letter: str, subjects: Iterable[str]) -> bool:
        return bool(letter) and any(
            (unit, letter.upper(), normal_text(subject)) in self._known for subject in subjects
        )

    def lower(self, unit: Unit, account: Account) -> int:
        """Rupiah that an account asks of a unit from below, once its letters are counted."""
        above = self._policy.and_above(account)
        subjects = {s for a in above for s in (a.id, *a.name.values())}
        return max(
            (
                bound.lower(unit.budget)
                for bound in account.bounds
                if not (bound.waivable and self._recorded(unit.id, bound.letter, subjects))
            ),
            default=0,
        )

    def lift_rule(self, unit: str, rule: ItemRule) -> bool:
        """Whether a letter covers a mandatory activity of a unit."""
        return self._recorded(unit, rule.letter, (rule.id, *rule.activities))
