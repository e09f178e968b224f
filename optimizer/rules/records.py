"""Whether what is listed was proposed like this, and stands where the menu puts it."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.record.proposals import Status
from optimizer.rules.findings import Check, Remedy
from optimizer.rules.ledger import Ledger, on_grid
from optimizer.rules.status import RuleStatus, Side
from optimizer.territory import natural_key

__all__ = ["menu_checks", "volume_checks"]


def volume_checks(ledger: Ledger) -> Iterator[Check]:
    """Only what was proposed is listed, at a volume that was asked or may be chosen."""
    for proposal_id in sorted(ledger.listed.volumes, key=natural_key):
        volume = ledger.listed.volumes[proposal_id]
        if not volume:
            continue
        proposal = ledger.dataset.by_id.get(proposal_id)
        if proposal is None:
            place = ledger.dataset.territory.kelurahan[0]
            kind, title = "unknown_proposal", proposal_id
        else:
            place, title = proposal.owner, proposal.title
            if proposal.status is Status.EXCLUDED:
                kind = "excluded"
            elif volume != proposal.volume and not on_grid(proposal, volume):
                kind = "volume_asked"
            else:
                continue
        yield Check(
            side=Side.VOLUME if kind == "volume_asked" else Side.PROPOSAL,
            place=place,
            status=RuleStatus.BREACH,
            kind=kind,
            amount=1,
            remedy=Remedy("correct", proposal_id, title),
            about=(proposal_id,),
            title=title,
        )


def menu_checks(ledger: Ledger) -> Iterator[Check]:
    """Activities off the menu, in another field than the menu's, or in no account at all."""
    if ledger.policy.menu is None:
        for kelurahan in ledger.dataset.territory.kelurahan:
            yield Check(Side.MENU, kelurahan, RuleStatus.UNKNOWN)
    for proposal in ledger.chosen:
        booked = ledger.booked[proposal.id]
        found: list[tuple[Side, str, dict[str, str]]] = []
        if booked.account is None:
            found.append((Side.ACCOUNT, "verify", {"id": proposal.field, "en": proposal.field}))
        if ledger.policy.menu is not None and booked.activity is None:
            found.append((Side.MENU, "verify", {}))
        if booked.menu_field:
            name = dict(ledger.policy.by_id[booked.menu_field].name)
            found.append((Side.MENU_FIELD, "correct", name))
        for side, remedy, label in found:
            yield Check(
                side=side,
                place=proposal.owner,
                status=RuleStatus.FINDING,
                amount=ledger.cost(proposal),
                remedy=Remedy(remedy, proposal.id, proposal.title),
                about=(proposal.id,),
                label=label,
                title=proposal.title,
            )
