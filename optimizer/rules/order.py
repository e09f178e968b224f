"""The judge of ``order``: nothing lower in a list stands in the place of something higher.

Going down the lists (the kelurahan's, then those of the RW, then those of the RT), a plan is
refused where an item could take one step more once everything lower is dropped, except what pins,
mandatory activities, prerequisites and minima need (:mod:`optimizer.rules.completion`). Nothing
is solved here: most items are decided by the money that is left beside what stands higher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from optimizer.record.scenario import PRIORITIES, Scenario
from optimizer.rules.completion import Completion, Undecided
from optimizer.rules.findings import Check
from optimizer.rules.ledger import Ledger, kelurahan_of
from optimizer.rules.purses import Purses
from optimizer.rules.ranking import Ranking
from optimizer.rules.status import RuleStatus, Side

__all__ = ["ORDER", "order_checks"]

ORDER = "order"


def order_checks(scenario: Scenario, ledger: Ledger) -> Iterator[Check]:
    """Items that are displaced by lower ones (breach), and what could not be decided (unknown).

    A scenario in which another stage comes before ``order``, or no unit may be worse off than
    alone, asks for optima that a judge does not solve for: its order is unknown.
    """
    chooses = [stage.name for stage in scenario.stages if stage.name != PRIORITIES]
    if ORDER not in chooses:
        return
    if chooses[0] != ORDER or scenario.alone:
        for kelurahan in ledger.dataset.territory.kelurahan:
            yield Check(Side.ORDER, kelurahan, RuleStatus.UNKNOWN)
        return
    yield from _down_the_lists(Ranking(scenario, ledger))


def _down_the_lists(ranking: Ranking) -> Iterator[Check]:
    ledger, purses = ranking.ledger, Purses.of(ranking.ledger)
    undecided: dict[str, list[str]] = defaultdict(list)
    for proposal in ranking.items:
        volume = ranking.next_volume(proposal, ledger.volume(proposal))
        if volume and purses.fits(proposal, volume):
            try:
                if Completion(ranking, purses, proposal).exists():
                    yield Check(
                        Side.ORDER,
                        proposal.owner,
                        RuleStatus.BREACH,
                        about=(proposal.id,),
                        title=proposal.title,
                    )
            except Undecided:
                undecided[kelurahan_of(ledger.dataset, proposal.owner)].append(proposal.id)
        purses.pay(proposal, ledger.volume(proposal))
    for kelurahan, about in undecided.items():
        yield Check(Side.ORDER, kelurahan, RuleStatus.UNKNOWN, about=tuple(about))
