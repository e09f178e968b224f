"""What may be chosen: the variables of a part's items, and what is linear in them.

Item i is in (z = 1) or out, and k volume steps above its least volume; every quantity of it is
base·z + step·k.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pulp

from optimizer.formulation.accounts import MILLION, Expression, Variable, added
from optimizer.formulation.problem import Linear, Part, Problem

__all__ = ["Choice"]


@dataclass(frozen=True, slots=True)
class _ItemVariables:
    inside: Variable
    above: Variable | None

    def quantity(self, base: float, step: float) -> list[tuple[Variable, float]]:
        """base + step · (level − 1) while the item is in, else 0."""
        terms = [(self.inside, base)]
        if self.above is not None:
            terms.append((self.above, step))
        return terms


class Choice:
    """The variables of one part's items, in a program of their own.

    Parameters
    ----------
    without
        Rules left out when a conflict is being explained: ``("pin", item)`` here, more in
        :class:`~optimizer.formulation.program.Model`.
    """

    def __init__(
        self,
        problem: Problem,
        part: Part,
        without: frozenset[tuple[object, ...]] = frozenset(),
    ) -> None:
        self.problem = problem
        self.part = part
        self._without = without
        self._cuts = 0
        self.program = pulp.LpProblem("part", pulp.LpMaximize)
        self._items = {i: self._item(i) for i in part.items}

    def _item(self, index: int) -> _ItemVariables:
        item = self.problem.items[index]
        pinned = ("pin", index) not in self._without
        low, high = 0, 1
        if item.fixed == 0 and pinned:
            high = 0
        if item.forced and pinned:
            low = 1
        inside = self.program.add_variable(f"z{index}", low, high, "Integer")
        above = None
        if item.extra:
            above = self.program.add_variable(f"k{index}", 0, item.extra, "Integer")
            self.program += (added([(above, 1), (inside, -item.extra)]) <= 0, f"in_{index}")
        return _ItemVariables(inside, above)

    # --- expressions --------------------------------------------------------------------

    def inside(self, index: int) -> Variable:
        """1 where an item is in at any level."""
        return self._items[index].inside

    def terms(self, index: int, base: float, step: float) -> list[tuple[Variable, float]]:
        """A quantity of an item: base while it is in, and step for each level above 1."""
        return self._items[index].quantity(base, step)

    def money_terms(self, index: int, amount: Linear) -> list[tuple[Variable, float]]:
        """An amount of an item in millions: rupiah, or units of support."""
        return self.terms(index, amount.base / MILLION, amount.step / MILLION)

    def cost_terms(self, index: int) -> list[tuple[Variable, float]]:
        """Cost of an item in millions of rupiah."""
        return self.money_terms(index, self.problem.items[index].cost)

    def level_terms(self, index: int, weight: float = 1.0) -> list[tuple[Variable, float]]:
        """The item's level, weighted."""
        return self.terms(index, weight, weight)

    def support_terms(self, index: int, factor: float = 1.0) -> list[tuple[Variable, float]]:
        """Support of an item in millions, times a factor."""
        support = self.problem.items[index].support
        return self.terms(index, factor * support.base / MILLION, factor * support.step / MILLION)

    def total(self, terms: Iterable[tuple[int, Linear]], factor: float) -> Expression:
        """A linear quantity over items, times a factor."""
        return added(
            term for i, q in terms for term in self.terms(i, q.base * factor, q.step * factor)
        )

    def residents(self, items: Sequence[int]) -> Expression:
        """Residents served, in thousands."""
        return added((self.inside(i), self.problem.items[i].residents / 1000) for i in items)

    def saving(self, items: Sequence[int]) -> Expression:
        """Cost, negative, in millions of rupiah."""
        return added((v, -w) for i in items for v, w in self.cost_terms(i))

    def lexical(self, weights: Iterable[tuple[int, int]]) -> Expression:
        """Levels with integer weights: earlier items outweigh all later ones together."""
        return added(term for i, w in weights for term in self.level_terms(i, float(w)))

    # --- levels -------------------------------------------------------------------------

    def fix(self, index: int, level: int) -> None:
        """Hold an item at a level."""
        variables = self._items[index]
        variables.inside.bounds(min(level, 1), min(level, 1))
        if variables.above is not None:
            above = max(level - 1, 0)
            variables.above.bounds(above, above)

    def cut(self, levels: Mapping[int, int]) -> None:
        """Exclude exactly one choice of levels."""
        self._cuts += 1
        differs: list[tuple[Variable, float]] = []
        for index in self.part.items:
            level, top = levels.get(index, 0), self.problem.items[index].top
            for word, sign in (("up", 1), ("down", -1)):
                room = top - level if sign > 0 else level
                if room <= 0:
                    continue
                flag = self.program.add_variable(f"{word}{index}_{self._cuts}", 0, 1, "Integer")
                # flag = 1 forces the level past the excluded one.
                terms = [(v, sign * w) for v, w in self.level_terms(index)]
                past = level + 1 if sign > 0 else -(level - 1)
                free = 0 if sign > 0 else -top
                self.program += (
                    added([*terms, (flag, float(free - past))]) >= free,
                    f"cut_{word}{index}_{self._cuts}",
                )
                differs.append((flag, 1.0))
        self.program += (added(differs) >= 1, f"cut_{self._cuts}")

    def levels(self) -> dict[int, int]:
        """The chosen levels; read only after the status says that there is a solution."""
        return {i: self._level(v) for i, v in self._items.items()}

    @staticmethod
    def _level(variables: _ItemVariables) -> int:
        inside = round(variables.inside.varValue)
        above = round(variables.above.varValue) if variables.above is not None else 0
        return int(inside * (1 + above))
