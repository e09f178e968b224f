"""An election under several rules beside each other: what each brings, and which caps it breaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.elections.declared import Breach, breaches, eligible, greedy
from optimizer.elections.optimum import optimum
from optimizer.files.pabulib.counting import measure
from optimizer.files.pabulib.election import Election, Number
from optimizer.practice import shared_purchases
from optimizer.solving.outcome import Outcome

__all__ = ["Peer", "peers"]


@dataclass(frozen=True, slots=True)
class Peer:
    """What one rule selects.

    Attributes
    ----------
    rule : str
        ``optimum``, ``greedy`` (by support, what no longer fits is skipped) or ``equal_shares``
        (satisfaction is the cost, no completion; ties in file order).
    capped : bool
        Whether the rule heeds the caps of categories.
    value, cost : Number
        Sum of the election's measure, and of costs.
    breaches
        Limits of the election that the selection exceeds.
    outcome : Outcome
        ``optimal`` where proved; ``rule`` where nothing is proved.
    """

    election: str
    rule: str
    capped: bool
    selected: tuple[str, ...]
    value: Number
    cost: Number
    breaches: tuple[Breach, ...]
    outcome: Outcome


def peers(election: Election, time_limit: float | None = None) -> tuple[Peer, ...]:
    """Optimum and greedy under the caps; then the rules that do not know of caps.

    Parameters
    ----------
    time_limit
        Seconds for each optimum.

    Raises
    ------
    SolverFailed, PlanRejected
        As :func:`~optimizer.elections.optimum`.
    """
    free = replace(election, caps={})
    found = []
    for asked in (election, free):
        capped = asked is election
        best = optimum(asked, time_limit)
        found.append(_peer(election, "optimum", capped, best.selected, best.outcome))
        found.append(_peer(election, "greedy", capped, greedy(asked), Outcome.RULE))
    found.append(_peer(election, "equal_shares", False, _equal_shares(free), Outcome.RULE))
    return tuple(found)


def _peer(
    election: Election, rule: str, capped: bool, selected: tuple[str, ...], outcome: Outcome
) -> Peer:
    support, chosen = measure(election).values, set(selected)
    return Peer(
        election=election.name,
        rule=rule,
        capped=capped,
        selected=selected,
        value=sum(support[i] for i in selected),
        cost=sum(p.cost for p in election.projects if p.id in chosen),
        breaches=tuple(breaches(election, selected)),
        outcome=outcome,
    )


def _equal_shares(election: Election) -> tuple[str, ...]:
    """The Method of Equal Shares over ballots; identical ballots act as one with all its money.

    A ballot gives every project that it names the same satisfaction for each unit of cost (with
    points: by its points).
    """
    projects = dict(enumerate(eligible(election)))
    place_of = {project.id: place for place, project in projects.items()}
    each = Fraction(election.budget) / max(election.n_ballots, 1)
    purses: dict[str, Fraction] = {}
    wishes: dict[int, dict[str, Fraction]] = {place: {} for place in projects}
    for number, ballot in enumerate(election.ballots):
        voter = str(number)
        purses[voter] = each * ballot.count
        points = ballot.points or (1,) * len(ballot.vote)
        for project, point in zip(ballot.vote, points, strict=True):
            if project in place_of:
                place = place_of[project]
                wishes[place][voter] = ballot.count * Fraction(point) * Fraction(
                    projects[place].cost
                )  # fmt: skip
    costs = {place: Fraction(project.cost) for place, project in projects.items()}
    bought = shared_purchases(costs, purses, wishes, lambda _: True)
    return tuple(projects[purchase.project].id for purchase in bought)
