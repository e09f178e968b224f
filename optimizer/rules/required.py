"""What must be in: mandatory activities, proposals recorded as such, something in each field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from optimizer.record.policy import Account, ItemRule
from optimizer.record.proposals import Proposal, Status
from optimizer.rules.findings import Check, Remedy
from optimizer.rules.ledger import Ledger
from optimizer.rules.status import RuleStatus, Side
from optimizer.words import FIRST

__all__ = [
    "bring_in",
    "each_field",
    "item_check",
    "lifted",
    "listed_mandatory",
    "mandatory",
    "of_activities",
    "own_of",
]


def item_check(rule: ItemRule, place: str, status: RuleStatus, **more: Any) -> Check:
    """What a rule of the policy finds at one place."""
    return Check(
        Side.ITEM,
        place,
        status,
        item=rule.id,
        kind=rule.kind.value,
        origin=rule.origin,
        label=rule.text or {FIRST: f"{rule.id}."},
        **more,
    )


def of_activities(
    ledger: Ledger, activities: Collection[str], proposals: Iterable[Proposal]
) -> list[Proposal]:
    """Those of some proposals whose activity is one of these."""
    return [p for p in proposals if ledger.activity(p) in activities]


def bring_in(proposal: Proposal) -> Remedy:
    """Take a proposal up, at least at its least useful volume."""
    return Remedy("bring_in", proposal.id, proposal.title, amount=proposal.cost(proposal.least))


def lifted(ledger: Ledger, rule: ItemRule, unit: str) -> bool:
    """Whether a unit's recorded letter lifts a mandatory rule."""
    return ledger.letter_for(unit, rule.letter, (rule.id, *rule.activities))


def mandatory(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    """One of the activities in each unit's list, or shared by it, unless a letter lifts that."""
    for unit in ledger.concerning:
        known = own_of(ledger, rule, unit)
        chosen = tuple(p.id for p in known if ledger.volume(p) > 0)
        if chosen:
            yield item_check(rule, unit, RuleStatus.PASS, about=chosen)
        elif lifted(ledger, rule, unit):
            yield item_check(rule, unit, RuleStatus.PASS, letter=rule.letter)
        else:
            yield item_check(
                rule,
                unit,
                RuleStatus.FINDING,
                amount=1,
                letter=rule.letter,
                about=tuple(p.id for p in known),
                remedy=bring_in(known[0]) if known else Remedy("agree"),
            )


def own_of(ledger: Ledger, rule: ItemRule, unit: str) -> list[Proposal]:
    """Proposals of the rule's activities that a unit pays for: a pool's project is not its own."""
    own = of_activities(ledger, rule.activities, ledger.concerning[unit])
    return [p for p in own if not ledger.pooled(p)]


def listed_mandatory(ledger: Ledger) -> Iterator[Check]:
    """Proposals that were recorded as mandatory are in."""
    for proposal in ledger.dataset.proposals:
        if proposal.status is Status.MANDATORY and not ledger.volume(proposal):
            yield Check(
                side=Side.MANDATORY,
                place=proposal.owner,
                status=RuleStatus.FINDING,
                kind="listed_mandatory",
                amount=proposal.full_cost,
                remedy=bring_in(proposal),
                about=(proposal.id,),
                title=proposal.title,
            )


def each_field(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    """An activity in each field of each unit."""
    for unit, concerning in ledger.concerning.items():
        by_field: dict[str, list[Proposal]] = {}
        for proposal in concerning:
            account = ledger.account(proposal)
            if account is not None:
                by_field.setdefault(ledger.policy.top[account.id].id, []).append(proposal)
        for field in ledger.policy.fields:
            yield _field_check(ledger, rule, unit, field, by_field.get(field.id, []))


def _field_check(
    ledger: Ledger, rule: ItemRule, unit: str, field: Account, proposed: list[Proposal]
) -> Check:
    """One field of one unit. A letter is named only where nothing was proposed at all."""
    chosen = tuple(p.id for p in proposed if ledger.volume(p) > 0)
    gives = any(ledger.listed.pool_shares.get((unit, a.id), 0) for a in field.walk() if a.pooled)
    letter, about = "", chosen
    status, remedy = RuleStatus.PASS, None
    if not chosen and not gives:
        if ledger.letter_for_account(unit, rule.letter, field):
            letter = rule.letter
        elif proposed:
            status, remedy = RuleStatus.FINDING, bring_in(proposed[0])
            about = tuple(p.id for p in proposed)
        else:
            status, letter, remedy = RuleStatus.FINDING, rule.letter, Remedy("agree")
    return Check(
        side=Side.FIELD,
        place=unit,
        status=status,
        account=field.id,
        item=rule.id,
        kind="field_left_out" if proposed else "field",
        amount=int(status is RuleStatus.FINDING),
        letter=letter,
        origin=rule.origin,
        remedy=remedy,
        about=about,
        label=field.name,
        title=proposed[0].title if proposed else "",
    )
