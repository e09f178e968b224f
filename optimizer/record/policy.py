"""A regulation as data: a nested tree of accounts with bounds, and item rules.

A policy is a file in ``data/policies``; a new regulation needs no code. Bounds nest (the policy
is laminar). Every bound and rule carries source, article and certainty, and an unknown bound is
unknown, not absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.money import share_ceil, share_floor
from optimizer.record.kinds import Certainty, ItemRule, RuleKind, Source
from optimizer.record.proposals import Activity, Menu, Proposal, normal_text

__all__ = ["Account", "Booked", "Bound", "Certainty", "ItemRule", "Policy", "RuleKind", "Source"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound on the money of one account.

    Attributes
    ----------
    side : str
        ``min``, ``max`` or ``exact``.
    share, rupiah
        Share of the pagu, or rupiah; both ``None`` where the bound is unknown.
    waivable : bool
        Falling short is a finding for the meeting to decide (never for a maximum).
    letter : str
        The letter that the regulation provides, such as ``E``.
    """

    side: str
    share: Fraction | None = None
    rupiah: int | None = None
    waivable: bool = False
    letter: str = ""
    origin: Source = Source()

    @property
    def known(self) -> bool:
        """Whether the bound has a number."""
        return self.share is not None or self.rupiah is not None

    def lower(self, budget: int) -> int:
        """Least whole rupiah under this bound (0 for a maximum)."""
        if self.side == "max" or not self.known:
            return 0
        if self.rupiah is not None:
            return self.rupiah
        assert self.share is not None
        if self.side == "exact":
            return share_floor(self.share, budget)
        return share_ceil(self.share, budget)

    def upper(self, budget: int) -> int | None:
        """Most whole rupiah under this bound; ``None`` where it sets no limit."""
        if self.side == "min" or not self.known:
            return None
        if self.rupiah is not None:
            return self.rupiah
        assert self.share is not None
        if self.side == "exact":
            return share_ceil(self.share, budget)
        return share_floor(self.share, budget)


@dataclass(frozen=True, slots=True)
class Account:
    """A node of the account tree; ``id`` is its path, such as ``infrastruktur/rt``."""

    id: str
    name: Mapping[str, str]
    decided_at: str = "rt"
    field: bool = True
    bounds: tuple[Bound, ...] = ()
    children: tuple[Account, ...] = ()

    def walk(self) -> Iterator[Account]:
        """This account and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def is_leaf(self) -> bool:
        """Whether money is booked here."""
        return not self.children

    @property
    def pooled(self) -> bool:
        """Whether this leaf is one pool per kelurahan."""
        return self.is_leaf and self.decided_at == "kelurahan"

    def bound(self, side: str) -> Bound | None:
        """The bound of one side, if there is one (known or not)."""
        return next((b for b in self.bounds if b.side == side), None)

    def lower(self, budget: int) -> int:
        """Least rupiah that the account's own bounds ask of a budget."""
        return max((b.lower(budget) for b in self.bounds), default=0)

    def upper(self, budget: int) -> int:
        """Most rupiah that the account's own bounds allow of a budget."""
        tops = [t for b in self.bounds if (t := b.upper(budget)) is not None]
        return min([budget, *tops])


@dataclass(frozen=True, slots=True)
class Booked:
    """Where a proposal is booked under a policy, and how that is known.

    Attributes
    ----------
    account : Account or None
        The leaf; ``None`` where neither the menu nor the record names a known account.
    activity : Activity or None
        The menu's activity; ``None`` means off the menu ("perlu verifikasi").
    menu_field : str
        The field the menu would book it in, where that differs from the record; else empty.
    """

    account: Account | None
    activity: Activity | None
    menu_field: str = ""


@dataclass(frozen=True)
class Policy:
    """A rule set of one fiscal year in one reading."""

    id: str
    name: Mapping[str, str]
    fiscal_year: int
    regulation: str
    reading: Mapping[str, str]
    unit_level: str
    pagu: int
    accounts: tuple[Account, ...]
    rules: tuple[ItemRule, ...] = ()
    menu: Menu | None = None
    note: Mapping[str, str] | None = None
    fiscal_years: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Account]:
        """All accounts by path."""
        return {a.id: a for top in self.accounts for a in top.walk()}

    @cached_property
    def leaves(self) -> tuple[Account, ...]:
        """Accounts where money is booked, in the order of the regulation."""
        return tuple(a for a in self.by_id.values() if a.is_leaf)

    @cached_property
    def pools(self) -> tuple[Account, ...]:
        """Leaves that are one pool per kelurahan."""
        return tuple(a for a in self.leaves if a.pooled)

    @cached_property
    def fields(self) -> tuple[Account, ...]:
        """Top-level accounts that are fields (admin costs are not)."""
        return tuple(a for a in self.accounts if a.field)

    @cached_property
    def top(self) -> Mapping[str, Account]:
        """The top-level account above each account."""
        return {a.id: top for top in self.accounts for a in top.walk()}

    @cached_property
    def inside(self) -> Mapping[str, frozenset[str]]:
        """Ids of each account and all below it."""
        return {a.id: frozenset(below.id for below in a.walk()) for a in self.by_id.values()}

    def and_above(self, account: Account) -> tuple[Account, ...]:
        """An account and all above it, uppermost first."""
        return tuple(a for a in self.by_id.values() if account.id in self.inside[a.id])

    def leaf_for(self, field: str, *, joint: bool) -> Account | None:
        """The leaf in which a proposal of a field is booked.

        Parameters
        ----------
        field
            An account path or a top-level field.
        joint
            Whether it is a kelurahan-level project, which the pool pays where there is one.
        """
        account = self.by_id.get(field)
        if account is None:
            return None
        if account.is_leaf:
            return account
        leaves = [a for a in account.walk() if a.is_leaf]
        fitting = [a for a in leaves if a.pooled == joint]
        return (fitting or leaves)[0]

    @cached_property
    def _named(self) -> Mapping[str, Account]:
        """Accounts by what people call them: path, name in each language, last part of the path.

        Where two share a word, the more telling of these comes first, then the regulation's order.
        """
        accounts = self.by_id.values()
        words = (
            *((a.id, a) for a in accounts),
            *((name, a) for a in accounts for name in a.name.values()),
            *((a.id.rpartition("/")[2], a) for a in accounts),
        )
        named: dict[str, Account] = {}
        for word, account in words:
            named.setdefault(normal_text(word), account)
        return named

    def account_named(self, text: str) -> Account | None:
        """The account that a record means, else the nearest above it (``infrastruktur/bersama``
        where a year has no joint account is ``infrastruktur``)."""
        path = text
        while path and path not in self.by_id:
            path = path.rpartition("/")[0]
        return self.by_id.get(path) or self._named.get(normal_text(text))

    def book(self, proposal: Proposal) -> Booked:
        """The account of a proposal.

        An activity that the menu names exactly is booked where the menu says; one recognised
        only by a keyword, or off the menu, where the record says, else where the menu says.
        """
        key = (proposal.activity, proposal.field, proposal.level == "kelurahan")
        if key not in self._booked:
            self._booked[key] = self._book(*key)
        return self._booked[key]

    @cached_property
    def _booked(self) -> dict[tuple[str, str, bool], Booked]:
        return {}

    @cached_property
    def _activities(self) -> Menu:
        """The menu; without one, the activities that rules name, known by their ids alone."""
        ids = dict.fromkeys(a for rule in self.rules for a in (*rule.activities, *rule.requires))
        return self.menu or Menu("", tuple(Activity(id_, "", {"id": id_}) for id_ in ids))

    def _book(self, named: str, field: str, at_kelurahan: bool) -> Booked:
        match = self._activities.match(named)
        activity = match.activity if match else None
        recorded = self.account_named(field)
        joint = at_kelurahan or (recorded is not None and recorded.pooled)
        menu_field = activity.account if activity and activity.account in self.by_id else ""
        differs = bool(
            recorded and menu_field and self.top[recorded.id] is not self.by_id.get(menu_field)
        )
        by_menu = (
            match is not None
            and (match.exact or recorded is None)
            and (recorded is None or differs)
        )
        path = menu_field if by_menu or recorded is None else recorded.id
        return Booked(
            account=self.leaf_for(path, joint=joint),
            activity=activity,
            menu_field=menu_field if differs else "",
        )

    def with_bound(self, account: str, bound: Bound) -> Policy:
        """A copy in which one bound of one account is replaced (or added)."""

        def change(node: Account) -> Account:
            children = tuple(change(c) for c in node.children)
            if node.id != account:
                return replace(node, children=children)
            kept = tuple(b for b in node.bounds if b.side != bound.side)
            return replace(node, bounds=(*kept, bound), children=children)

        return self._with(accounts=tuple(change(a) for a in self.accounts))

    def without_bound(self, account: str, side: str) -> Policy:
        """A copy in which one bound is gone (to price a rule)."""

        def change(node: Account) -> Account:
            children = tuple(change(c) for c in node.children)
            if node.id != account:
                return replace(node, children=children)
            return replace(
                node, bounds=tuple(b for b in node.bounds if b.side != side), children=children
            )

        return self._with(accounts=tuple(change(a) for a in self.accounts))

    def without_rule(self, rule: str) -> Policy:
        """A copy without one item rule."""
        return self._with(rules=tuple(r for r in self.rules if r.id != rule))

    def _with(
        self,
        accounts: tuple[Account, ...] | None = None,
        rules: tuple[ItemRule, ...] | None = None,
    ) -> Policy:
        return replace(
            self,
            accounts=self.accounts if accounts is None else accounts,
            rules=self.rules if rules is None else rules,
        )
