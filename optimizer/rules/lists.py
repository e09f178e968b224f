"""What only a list can show: the same thing twice in an RW, prices far from the others'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import combinations, takewhile

from optimizer.record.dataset import Dataset
from optimizer.record.proposals import Proposal, normal_text
from optimizer.remember import remembered
from optimizer.rules.findings import Check, Remedy
from optimizer.rules.ledger import Ledger
from optimizer.rules.status import RuleStatus, Side
from optimizer.territory import naturally

__all__ = ["duplicates", "far_prices", "list_checks"]

LIKENESS = 0.85
OTHERS = 4
FAR = 3
# A package holds what it holds; only a slipped digit stands out.
FAR_PACKAGE = 8
PACKAGES = frozenset({"", "paket", "pkt", "ls", "lumpsum", "lump sum", "kegiatan"})
PLACE_WORDS = frozenset({"gang", "gg", "rt", "rw", "di", "depan", "sebelah", "jl"})


def list_checks(ledger: Ledger) -> tuple[Check, ...]:
    """Duplicates and prices to look at again, places in natural order."""
    checks = (*duplicates(ledger), *far_prices(ledger))
    return tuple(naturally(checks, lambda check: check.place))


def duplicates(ledger: Ledger) -> Iterator[Check]:
    """Pairs within one RW with the same activity and nearly the same words and location.

    Items of the same words in two lists of an RW are usual (each RT buys its own extra food).
    They are compared only where both name a location, or where an object that stands in one
    place is described beyond the name of its activity ("Paving gang Mawar"; "Paving gang"
    names no gang).
    """
    rw_of = {owner: _rw(ledger.dataset, owner) for owner in ledger.dataset.lists}
    groups: dict[tuple[str, str], list[_Words]] = defaultdict(list)
    for proposal in ledger.chosen:
        activity = ledger.activity(proposal) or normal_text(proposal.activity)
        groups[rw_of[proposal.owner], activity].append(_words(ledger, proposal))
    for words in groups.values():
        for first, second in _pairs(words):
            yield _twice(ledger, first.proposal, second.proposal)


def _twice(ledger: Ledger, first: Proposal, second: Proposal) -> Check:
    same = first.unit_price == second.unit_price and first.volume == second.volume
    return Check(
        side=Side.DUPLICATE,
        place=second.owner,
        status=RuleStatus.FINDING,
        kind="duplicate" if same else "near_duplicate",
        amount=ledger.cost(second),
        remedy=Remedy("compare", first.id, first.title),
        about=(first.id, second.id),
        title=second.title,
    )


def _rw(dataset: Dataset, node: str) -> str:
    """The RW at or above a node, else the kelurahan."""
    territory = dataset.territory
    path = list(territory.path(node))
    levels = {territory.level(n): n for n in path}
    return levels.get("rw") or levels["kelurahan"]


@dataclass(frozen=True, slots=True)
class _Words:
    """What a proposal says, normalised once: a long list compares it many times.

    ``one_object``: the words tell which object it is, of a kind that stands in one place;
    ``bare``: they say no more than the kind of thing, in words of the menu.
    """

    proposal: Proposal
    title: str
    place: str
    one_object: bool
    bare: bool

    @property
    def numbers(self) -> tuple[str, ...]:
        return _numbers(self.title)


def _words(ledger: Ledger, proposal: Proposal) -> _Words:
    menu, activity = ledger.policy.menu, ledger.booked[proposal.id].activity
    title, place = normal_text(proposal.title), normal_text(proposal.location)
    one_object = bare = False
    if menu is not None and activity is not None and "land" in activity.flags:
        match = menu.match(proposal.title)
        one_object = match is None or not match.exact
        bare = _usual_words(activity.keywords + activity.aliases).issuperset(title.split())
    return _Words(proposal, title, place, one_object, bare)


@remembered
def _usual_words(names: tuple[str, ...]) -> frozenset[str]:
    """The words of an activity's names, and those that say where something is."""
    return PLACE_WORDS.union(*(normal_text(name).split() for name in names))


def _pairs(words: Sequence[_Words]) -> Iterator[tuple[_Words, _Words]]:
    """The pairs that are alike, in the order of the list."""
    # Numbers tell things apart that are otherwise worded alike ("gang 3", "gang 4").
    numbered: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, said in enumerate(words):
        numbered[said.numbers].append(index)
    alike = (
        pair
        for indices in numbered.values()
        for pair in combinations(indices, 2)
        if _alike(words[pair[0]], words[pair[1]])
    )
    return ((words[i], words[j]) for i, j in sorted(alike))


def _alike(first: _Words, second: _Words) -> bool:
    if first.place and second.place:
        if not _similar(first.place, second.place):
            return False
    elif first.proposal.owner != second.proposal.owner:
        if not (first.one_object and second.one_object):
            return False
        unplaced = not first.proposal.location and not second.proposal.location
        if unplaced and (first.bare or second.bare):
            return False
    return _similar(first.title, second.title)


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(w for w in text.split() if w.isdigit())


@remembered
def _similar(one: str, other: str) -> bool:
    """Whether two normalised texts are alike; cheap upper bounds of the likeness come first."""
    if one == other:
        return True
    if 2 * min(len(one), len(other)) < LIKENESS * (len(one) + len(other)):
        return False
    if _numbers(one) != _numbers(other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= LIKENESS and matcher.ratio() >= LIKENESS


def _item(text: str) -> str:
    """What an item is: an activity of the menu holds new paving and its repair alike."""
    words = list(takewhile(lambda w: w not in PLACE_WORDS, normal_text(text).split()))
    return " ".join(words[:2])


def far_prices(ledger: Ledger) -> Iterator[Check]:
    """Prices below a third or above three times the median of the same item elsewhere.

    At least four others are needed; packages may differ up to eightfold.
    """
    groups: dict[tuple[str, str, str], list[Proposal]] = defaultdict(list)
    for proposal in ledger.chosen:
        item = _item(proposal.activity)
        key = ledger.activity(proposal), item, normal_text(proposal.measure)
        groups[key].append(proposal)
    for (_, _, measure), proposals in groups.items():
        if len(proposals) <= OTHERS:
            continue
        far = FAR_PACKAGE if measure in PACKAGES else FAR
        medians = _medians_elsewhere([p.unit_price for p in proposals])
        for proposal in proposals:
            usual = medians[proposal.unit_price]
            if not usual / far <= proposal.unit_price <= usual * far:
                yield Check(
                    side=Side.PRICE,
                    place=proposal.owner,
                    status=RuleStatus.FINDING,
                    amount=abs(proposal.unit_price - round(usual)),
                    limit=round(usual),
                    total=proposal.unit_price,
                    remedy=Remedy("verify", proposal.id, proposal.title),
                    about=(proposal.id,),
                    title=proposal.title,
                )


def _medians_elsewhere(prices: Sequence[int]) -> dict[int, Fraction]:
    """For each price the median of the others, by one sort: a city lists an item 1 500 times."""
    ordered = sorted(prices)
    middle, odd = divmod(len(ordered) - 1, 2)
    medians: dict[int, Fraction] = {}
    for place, price in enumerate(ordered):
        # Among the others, all from this price on stand one place further down.
        others = (ordered[i + (i >= place)] for i in ((middle,) if odd else (middle - 1, middle)))
        medians.setdefault(price, Fraction(sum(others), 1 if odd else 2))
    return medians
