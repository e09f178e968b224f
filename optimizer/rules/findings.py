"""What the checker judges, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from optimizer.record.policy import Source
from optimizer.rules.status import BOUND_SIDES, WORST_FIRST, RuleStatus, Side, State, rule_id
from optimizer.words import INDONESIAN, Message, Words

__all__ = ["Check", "Listed", "Remedy", "worst"]


_OPEN = {
    RuleStatus.BREACH: State.OVER,
    RuleStatus.FINDING: State.BELOW,
    RuleStatus.UNKNOWN: State.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list or plan to be judged.

    Attributes
    ----------
    volumes
        Proposal id → volume in the list; absent or 0 means not in it.
    contributions
        (unit, proposal) → rupiah, for shared proposals outside the pool.
    pool_shares
        (unit, pooled account) → rupiah given to the pool.
    reserved
        (unit, leaf account) → rupiah held only because a minimum asks for it.
    participants_known, pool_known
        False where the input cannot tell who pays for a shared proposal, or what the pool holds.
    """

    volumes: Mapping[str, Fraction]
    contributions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    pool_shares: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reserved: Mapping[tuple[str, str], int] = field(default_factory=dict)
    participants_known: bool = True
    pool_known: bool = True


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would mend a finding; its text is ``remedy.<kind>``.

    Attributes
    ----------
    kind : str
        ``reduce_volume``, ``add_volume``, ``reduce_amount``, ``drop``, ``bring_in``, ``add``,
        ``agree``, ``price``, ``verify``, ``compare``, ``correct``.
    proposal, title : str
        The proposal to act on, and what people call it.
    volume : Fraction
        By how much the volume changes, in ``measure``.
    amount : int
        Rupiah.
    """

    kind: str
    proposal: str = ""
    title: str = ""
    volume: Fraction = Fraction(0)
    measure: str = ""
    amount: int = 0

    def text(self, words: Words = INDONESIAN) -> str:
        """The remedy in words: ``kurangi 7 m²``, ``tambah kegiatan Rp2.400.000``."""
        return words.say(
            f"remedy.{self.kind}",
            title=self.title,
            volume=words.volume(self.volume, self.measure),
            amount=self.amount,
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One rule at one place.

    Attributes
    ----------
    side : Side
        What of the place is judged.
    place : str
        Node id of the unit, RW or kelurahan.
    account : str
        Id of the account or field concerned; empty where the rule is about none.
    item : str
        Id of the policy's item rule; empty where it is none.
    kind : str
        What exactly was found, where a side has several findings; it chooses the sentence
        (``check.<kind>.<status>``). Empty: the side says it.
    amount : int
        Rupiah (or a count) over a maximum or short of a minimum; for a pool that passes,
        what is not spent yet.
    letter : str
        The letter that the regulation provides, only where one is known.
    rounding : bool
        Short by less than the finest volume step of the activities in the list: a note.
    limit, total : int
        What the rule allows or asks, and what is there: rupiah of activities, and where a bound
        is broken what is held for a minimum too.
    about : tuple of str
        Proposals concerned.
    label : Mapping
        Name of the account or words of the rule, by language.
    title : str
        What people call the proposal concerned.
    """

    side: Side
    place: str
    status: RuleStatus
    account: str = ""
    item: str = ""
    kind: str = ""
    amount: int = 0
    letter: str = ""
    rounding: bool = False
    limit: int = 0
    total: int = 0
    origin: Source = Source()
    remedy: Remedy | None = None
    about: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def __post_init__(self) -> None:
        if not self.kind:
            kind = "bound" if self.bounds else self.side.replace(".", "_")
            object.__setattr__(self, "kind", kind)

    @property
    def bounds(self) -> bool:
        """Whether it judges an account's money against a bound."""
        return self.side in BOUND_SIDES

    @property
    def state(self) -> State:
        """How the account stands against this bound alone."""
        if self.status in _OPEN:
            return _OPEN[self.status]
        if self.rounding:
            return State.ROUNDING
        if self.letter:
            return State.LETTER
        if self.side is Side.MIN:
            return State.ENOUGH
        full = self.side is Side.EXACT or self.total == self.limit
        return State.REACHED if full else State.ROOM

    @property
    def rule(self) -> str:
        """The id in files: ``kesehatan.max``, ``pagu``, ``rule.jkn``, ``field.kepemudaan``."""
        return rule_id(self.side, self.account, self.item)

    @property
    def problem(self) -> bool:
        """Whether it is a finding or a breach."""
        return self.status in (RuleStatus.FINDING, RuleStatus.BREACH)

    def record(self) -> dict[str, Any]:
        """What every file for programs says of it."""
        return {
            "rule": self.rule,
            "side": self.side.value,
            "kind": self.kind,
            "account": self.account,
            "item": self.item,
            "place": self.place,
            "status": self.status.value,
            "letter": self.letter,
            "amount": self.amount,
        }

    @property
    def said(self) -> Message:
        """What was found, in one sentence, without the place."""
        data = {
            "label": self.label,
            "title": self.title,
            "about": ", ".join(self.about),
            "letter": self.letter,
            "amount": self.amount,
            "limit": self.limit,
            "total": self.total,
        }
        return Message(self._key(), data)

    def message(self, words: Words = INDONESIAN) -> str:
        """What was found, in the words of one reader."""
        return words.tell(self.said)

    def _key(self) -> str:
        base = f"check.{self.kind}.{self.status}"
        variants = [("rounding", self.rounding), ("letter", bool(self.letter))]
        for name, applies in variants:
            if applies and Words.has(f"{base}.{name}"):
                return f"{base}.{name}"
        return base

    def remedy_text(self, words: Words = INDONESIAN) -> str:
        """What would mend it, in words; empty where nothing needs mending."""
        if self.status in (RuleStatus.PASS, RuleStatus.UNKNOWN):
            return ""
        parts = [self.remedy.text(words)] if self.remedy else []
        if self.letter:
            parts.append(words.say("remedy.letter", letter=self.letter))
        return words.say("remedy.or").join(parts)


def worst(checks: Iterable[Check]) -> Check | None:
    """The check that decides how a place or account stands; the first of several alike."""
    return min(checks, key=lambda check: WORST_FIRST.index(check.status), default=None)
