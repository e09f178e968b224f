"""The rule that a file declares, replayed; and the limits that a set of winners breaks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from optimizer.files.pabulib.counting import measure
from optimizer.files.pabulib.election import Election, Number, Project

_OPTIONS = frozenset({"greedy", "no", "skip", "threshold"})


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """What META declares and where it leads.

    Attributes
    ----------
    rule : str
        META ``rule`` as written.
    order_by : str
        ``score``, ``votes`` or ``counted``.
    skip : bool
        Whether a project that no longer fits is passed over; otherwise it ends the count.
    threshold : Number or None
        META ``min_project_score_threshold``.
    capped : bool
        Whether ``budget_per_category`` limited the replay.
    winners : tuple of str or None
        In the order in which they were funded; None for a rule that is not replayed here
        (unknown, Equal Shares, custom).
    equals_real : bool or None
        Whether that is the set with ``selected`` = 1; None where one of them is missing.
    """

    rule: str
    order_by: str
    skip: bool
    threshold: Number | None
    capped: bool
    winners: tuple[str, ...] | None
    equals_real: bool | None


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that was exceeded.

    Attributes
    ----------
    limit : str
        ``budget`` or ``category``.
    category : str
        Empty for the whole budget.
    allowed, spent, over : Number
        Exact, in the currency of the file.
    """

    limit: str
    category: str
    allowed: Number
    spent: Number
    over: Number


def real_winners(election: Election) -> tuple[str, ...] | None:
    """Projects with ``selected`` = 1 in file order; None where the file does not say."""
    if all(project.selected is None for project in election.projects):
        return None
    return tuple(project.id for project in election.projects if project.selected == 1)


def eligible(election: Election) -> tuple[Project, ...]:
    """Projects that reach the threshold, in file order (all, where there is none)."""
    if election.threshold is None:
        return election.projects
    support = measure(election).values
    return tuple(p for p in election.projects if support[p.id] >= election.threshold)


def declared_rule(election: Election) -> DeclaredRule:
    """Replay the rule that META declares.

    Projects are taken by support, ties in file order, while they fit into the budget (and
    into the caps of all their categories). ``leftover_budget`` is not replayed.
    """
    rule = election.meta.get("rule", "")
    words = rule.strip().lower().replace("_", "-").split("-")
    skip = not {"no", "skip"} <= set(words)
    known = words[0] == "greedy" and set(words) <= _OPTIONS and ("no" in words) == ("skip" in words)
    winners = greedy(election, skip=skip) if known else None
    real = real_winners(election)
    return DeclaredRule(
        rule=rule,
        order_by=measure(election).name,
        skip=skip,
        threshold=election.threshold,
        capped=bool(election.caps),
        winners=winners,
        equals_real=None if winners is None or real is None else set(winners) == set(real),
    )


def greedy(election: Election, *, skip: bool = True) -> tuple[str, ...]:
    """Projects by support while they fit into the budget and the caps of their categories.

    Parameters
    ----------
    skip
        Whether a project that no longer fits is passed over; otherwise it ends the count.
    """
    support = measure(election).values
    left: Number = election.budget
    left_in = dict(election.caps)
    winners: list[str] = []
    for project in sorted(eligible(election), key=lambda p: -support[p.id]):
        capped = [category for category in project.categories if category in left_in]
        if project.cost > left or any(project.cost > left_in[c] for c in capped):
            if skip:
                continue
            break
        left -= project.cost
        for category in capped:
            left_in[category] -= project.cost
        winners.append(project.id)
    return tuple(winners)


def breaches(election: Election, winners: Collection[str]) -> list[Breach]:
    """Limits that this set of projects exceeds: the budget, then categories in file order.

    Raises
    ------
    KeyError
        If a winner is no project of the election.
    """
    by_id = {project.id: project for project in election.projects}
    funded = [by_id[project_id] for project_id in dict.fromkeys(winners)]
    limits = [("budget", "", election.budget, funded)] + [
        ("category", name, cap, [p for p in funded if name in p.categories])
        for name, cap in election.caps.items()
    ]
    found = []
    for limit, category, allowed, projects in limits:
        spent: Number = sum(p.cost for p in projects)
        if spent > allowed:
            found.append(Breach(limit, category, allowed, spent, spent - allowed))
    return found
