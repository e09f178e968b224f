"""What no single key of a policy shows: names that lead nowhere, bounds that cannot be met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from optimizer.errors import Finding, Place, Severity
from optimizer.files.policy_file import MenuFile, PolicyFile
from optimizer.files.shaped import unknown
from optimizer.files.yamls import Yaml
from optimizer.record.policy import Account, Policy
from optimizer.record.proposals import Menu

__all__ = ["Contradiction", "MenuText", "PolicyText", "contradiction"]


@dataclass(frozen=True)
class MenuText:
    """A menu file as it was read."""

    name: str
    text: Yaml
    file: MenuFile
    menu: Menu

    def faults(self) -> Iterator[Finding]:
        """What is wrong with it, by line."""
        yield from _twice([a.id for a in self.file.activities], "activities", self.name, self.text)


@dataclass(frozen=True)
class PolicyText:
    """A policy file as it was read, and what was made of it.

    Attributes
    ----------
    own_menu : bool
        Whether the menu was written for this policy: it stands beside it.
    """

    name: str
    text: Yaml
    file: PolicyFile
    policy: Policy
    menu: MenuText | None
    own_menu: bool = False

    def faults(self) -> Iterator[Finding]:
        """What is wrong with it, by line."""
        yield from _twice([r.id for r in self.file.rules], "rules", self.name, self.text)
        if self.menu is not None:
            homeless = self._homeless(self.menu)
            yield from homeless.values()
            yield from self._activities(self.menu, {*homeless})
        found = contradiction(self.policy)
        if found is not None:
            path = ("accounts", *found.account.replace("/", "/accounts/").split("/"))
            place = self._place(*(path if found.account else ("pagu",)))
            yield Finding("policy_contradiction", Severity.ERROR, place, found.words(self.policy))

    def _place(self, *path: str | int, value: str = "") -> Place:
        return Place(self.name, row=self.text.line(path), value=value)

    def _homeless(self, menu: MenuText) -> dict[str, Finding]:
        """Accounts of the menu that the policy lacks.

        A menu that several policies share may hold more than one of them has: that is refused
        only where the one looks like a slip of the other.
        """
        used = {activity.account for activity in menu.menu.activities}
        spare = [account for account in self.policy.by_id if account not in used]
        found: dict[str, Finding] = {}
        for number, activity in enumerate(menu.file.activities):
            account = activity.account
            if account in self.policy.by_id or account in found:
                continue
            place = self._place("menu", value=account)
            if self.own_menu:
                line = menu.text.line(("activities", number, "account"))
                place = Place(menu.name, row=line, value=account)
            finding = unknown("policy_account", place, spare, activity=activity.id)
            if self.own_menu or "near" in finding.data:
                found[account] = finding
        return found

    def _activities(self, menu: MenuText, told: set[str]) -> Iterator[Finding]:
        """Activities of rules that the menu does not know, or that have no account here."""
        own = {rule.id: number for number, rule in enumerate(self.file.rules)}
        for rule in self.policy.rules:
            for key in ("activities", "requires"):
                for number, id_ in enumerate(getattr(rule, key)):
                    path = (
                        ("rules", own[rule.id], key, number)
                        if rule.id in own
                        else ("inherit_rules",)
                    )
                    place = self._place(*path, value=id_)
                    yield from self._activity(menu, place, rule.id, told)

    def _activity(
        self, menu: MenuText, place: Place, rule: str, told: set[str]
    ) -> Iterator[Finding]:
        activity = menu.menu.by_id.get(place.value)
        if activity is None:
            # An activity's name is none of its ids, but says which was meant.
            named = menu.menu.match(place.value)
            meant = {"near": named.activity.id} if named and named.exact else {}
            ids = [*menu.menu.by_id]
            yield unknown("policy_activity", place, ids, rule=rule, menu=menu.name, **meant)
        elif activity.account not in self.policy.by_id and activity.account not in told:
            there = Place(place.file, row=place.row, value=activity.account)
            yield unknown("policy_account", there, [*self.policy.by_id], activity=activity.id)


def _twice(ids: list[str], key: str, name: str, text: Yaml) -> Iterator[Finding]:
    """Entries of a list with the same id: the one that counts would be a guess."""
    first: dict[str, int] = {}
    for number, id_ in enumerate(ids):
        line = text.line((key, number, "id"))
        if id_ in first:
            place = Place(name, row=line, value=id_)
            yield Finding("policy_id_twice", Severity.ERROR, place, {"first": first[id_]})
        first.setdefault(id_, line)


class Contradiction(NamedTuple):
    """An account (the pagu itself where empty) that asks for more rupiah than it allows."""

    account: str
    least: int
    most: int

    def words(self, policy: Policy) -> dict[str, object]:
        """What fills the sentence about it."""
        account = policy.by_id.get(self.account)
        return {
            "policy": policy.id,
            "account": account.name if account else "pagu",
            "least": self.least,
            "most": self.most,
        }


def contradiction(policy: Policy) -> Contradiction | None:
    """Where no budget can meet all bounds of a policy at once."""
    found: list[Contradiction] = []

    def lower(account: Account) -> int:
        below = sum(lower(c) for c in account.children)
        least, most = max(account.lower(policy.pagu), below), upper(account)
        if least > most:
            found.append(Contradiction(account.id, least, most))
        return min(least, most)

    def upper(account: Account) -> int:
        own = account.upper(policy.pagu)
        return min(own, sum(upper(c) for c in account.children)) if account.children else own

    total = sum(lower(a) for a in policy.accounts)
    if total > policy.pagu:
        found.append(Contradiction("", total, policy.pagu))
    return found[0] if found else None
