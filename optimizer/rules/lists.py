"""What only a list can show: the same thing twice in an RW, prices far from the others'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import combinations, takewhile
from statistics import median

from optimizer.dataset import Dataset
from optimizer.policy import Policy
from optimizer.proposals import Proposal, normal_text
from optimizer.rules.ledger import Ledger
from optimizer.rules.model import Check, Listed, Remedy, RuleStatus
from optimizer.territory import natural_key

__all__ = ["duplicates", "far_prices", "list_checks"]

LIKENESS = 0.85
OTHERS = 4
FAR = 3
# A package holds what it holds; only a slipped digit stands out.
FAR_PACKAGE = 8
PACKAGES = frozenset({"", "paket", "pkt", "ls", "lumpsum", "lump sum", "kegiatan"})
PLACE_WORDS = frozenset({"gang", "gg", "rt", "rw", "di", "depan", "sebelah", "jl"})


def list_checks(dataset: Dataset, policy: Policy, listed: Listed) -> tuple[Check, ...]:
    """Duplicates and prices to look at again, places in natural order."""
    ledger = Ledger(dataset, policy, listed)
    checks = (*duplicates(ledger), *far_prices(ledger))
    return tuple(sorted(checks, key=lambda check: natural_key(check.place)))


def duplicates(ledger: Ledger) -> Iterator[Check]:
    """Pairs within one RW with the same activity and nearly the same words and location.

    Items of the same words in two lists of an RW are usual (each RT buys its own extra food).
    They are compared only where both name a location, or where an object that stands in one
    place is described beyond the name of its activity ("Paving gang Mawar").
    """
    groups: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    for proposal in ledger.chosen:
        activity = ledger.activity(proposal) or normal_text(proposal.activity)
        groups[_rw(ledger.dataset, proposal.owner), activity].append(proposal)
    for proposals in groups.values():
        for first, second in combinations(proposals, 2):
            if _alike(ledger, first, second):
                same = first.unit_price == second.unit_price and first.volume == second.volume
                yield Check(
                    rule="duplicate",
                    place=second.owner,
                    status=RuleStatus.FINDING,
                    amount=ledger.cost(second),
                    remedy=Remedy("compare", first.id, first.title),
                    about=(first.id, second.id),
                    code="duplicate" if same else "near_duplicate",
                    title=second.title,
                )


def _rw(dataset: Dataset, node: str) -> str:
    """The RW at or above a node, else the kelurahan."""
    territory = dataset.territory
    path = list(territory.path(node))
    levels = {territory.level(n): n for n in path}
    return levels.get("rw") or levels["kelurahan"]


def _alike(ledger: Ledger, first: Proposal, second: Proposal) -> bool:
    places = normal_text(first.location), normal_text(second.location)
    if all(places):
        return _similar(*places) and _similar(first.title, second.title)
    if first.owner != second.owner and not (
        _one_place(ledger, first) and _one_place(ledger, second)
    ):
        return False
    return _similar(first.title, second.title)


def _one_place(ledger: Ledger, proposal: Proposal) -> bool:
    """Whether the words tell which object it is, of a kind that stands in one place."""
    menu, activity = ledger.policy.menu, ledger.booked[proposal.id].activity
    if menu is None or activity is None or "land" not in activity.flags:
        return False
    match = menu.match(proposal.title)
    return match is None or not match.exact


def _similar(one: str, other: str) -> bool:
    a, b = normal_text(one), normal_text(other)
    # Numbers tell things apart that are otherwise worded alike ("gang 3", "gang 4").
    if [w for w in a.split() if w.isdigit()] != [w for w in b.split() if w.isdigit()]:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= LIKENESS


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
        for proposal in proposals:
            others = [Fraction(p.unit_price) for p in proposals if p is not proposal]
            usual = Fraction(median(others))
            if not usual / far <= proposal.unit_price <= usual * far:
                yield Check(
                    rule="price",
                    place=proposal.owner,
                    status=RuleStatus.FINDING,
                    amount=abs(proposal.unit_price - round(usual)),
                    limit=round(usual),
                    total=proposal.unit_price,
                    remedy=Remedy("verify", proposal.id, proposal.title),
                    about=(proposal.id,),
                    code="price",
                    title=proposal.title,
                )
