"""Groups whose satisfaction is evened out, and the rows of a leximin stage.

Satisfaction of an RT or RW: support from its places that the plan satisfies, divided by the most
that it could get in any feasible plan, in whole per mille, rounded down.

Leximin: first the least satisfaction, then the next one, and so on. "Fix the worst group, then
go on" is wrong with whole proposals, since another group can be the worst at the same value; the
sum of the k least, maximised for k = 1, 2, …, is right (Ogryczak's ordered sums).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from optimizer.errors import ScenarioError
from optimizer.formulation.problem import PER_MILLE, Group, Limit
from optimizer.formulation.program import Expression, Model
from optimizer.formulation.support import support_by_level
from optimizer.record.scenario import Scenario
from optimizer.record.weights import place_support
from optimizer.territory import Territory, natural_key

__all__ = ["OVER", "LeximinRows", "alone_limits", "groups_of", "groups_over", "members"]

OVER = ("rw", "rt")
ALONE = "alone"


def members(territory: Territory, over: str) -> dict[str, str]:
    """The group of each place that belongs to one: place → RW, or budget unit.

    A unit that lies in no RW is a group of its own; places above all groups belong to none.

    Raises
    ------
    ScenarioError
        ``unknown_level`` for a level other than those of :data:`OVER`.
    """
    if over not in OVER:
        raise ScenarioError("unknown_level", over=over, known=", ".join(OVER))
    found: dict[str, str] = {}
    for unit in territory.units:
        path = list(territory.path(unit.id))
        top = next((n for n in path if territory.level(n) == over), unit.id)
        if over == "rt":
            top = unit.id
        found |= dict.fromkeys(path[: path.index(top) + 1], top)
    return found


def groups_over(scenario: Scenario, over: str, index: Mapping[str, int]) -> tuple[Group, ...]:
    """Groups of one level with their support of each item, in natural order."""
    home = members(scenario.dataset.territory, over)
    support: dict[str, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for (proposal, place), value in place_support(scenario).items():
        if place in home and proposal in index and value:
            support[home[place]][index[proposal]] += value
    by_id = scenario.dataset.by_id
    ids = {i: p for p, i in index.items()}
    return tuple(
        Group(
            group,
            over,
            tuple(
                (i, support_by_level(by_id[ids[i]], v)) for i, v in sorted(support[group].items())
            ),
        )
        for group in sorted(support, key=natural_key)
    )


def groups_of(scenario: Scenario, index: Mapping[str, int]) -> tuple[Group, ...]:
    """Groups of every ``equity`` stage of a scenario.

    Raises
    ------
    ScenarioError
        ``equity_needs_support`` where no place of that level gave any support.
    """
    found: list[Group] = []
    for over in dict.fromkeys(s.over for s in scenario.stages if s.name == "equity"):
        groups = groups_over(scenario, over, index)
        if not groups:
            raise ScenarioError("equity_needs_support")
        found += groups
    return tuple(found)


def alone_limits(
    scenario: Scenario, index: Mapping[str, int], floors: Mapping[str, int]
) -> tuple[Limit, ...]:
    """No unit gets less than it would alone (district fairness, Hershkowitz et al. 2021)."""
    if not floors:
        return ()
    return tuple(
        Limit(ALONE, group.id, group.terms, lower=floors[group.id])
        for group in groups_over(scenario, "rt", index)
        if floors.get(group.id, 0) > 0
    )


class LeximinRows:
    """Satisfactions of some groups and the sums of the k least of them, inside a model."""

    def __init__(self, model: Model, groups: Sequence[Group]) -> None:
        self.groups = tuple(groups)
        self._model = model
        self._level = [self._satisfaction(k, group) for k, group in enumerate(groups)]
        self._sums: dict[int, Expression] = {}

    def _satisfaction(self, number: int, group: Group) -> Expression:
        """A whole number of per mille that the support of the choice covers."""
        program = self._model.program
        name = f"sat_{group.over}_{number}"
        level = program.add_variable(name, 0, PER_MILLE, "Integer")
        program += (level - self._model.total(group.terms, PER_MILLE / group.most) <= 0, f"{name}_")
        return level

    def satisfaction(self, number: int) -> Expression:
        """The satisfaction of one group."""
        return self._level[number] + 0

    def least(self, count: int) -> Expression:
        """The sum of the ``count`` least satisfactions: count · r − Σ max(r − f, 0)."""
        if count not in self._sums:
            program = self._model.program
            name = f"sum_{self.groups[0].over}_{count}"
            pivot = program.add_variable(name, 0, PER_MILLE)
            expression = count * pivot
            for number, level in enumerate(self._level):
                below = program.add_variable(f"{name}_{number}", 0)
                program += (below - pivot + level >= 0, f"{name}_{number}_")
                expression -= below
            self._sums[count] = expression
        return self._sums[count]
