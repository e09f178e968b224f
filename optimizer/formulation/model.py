"""The PuLP model: variables, named constraints and stage objectives. PuLP lives here only.

:func:`policy_rows` writes a policy for one unit; the fields program and the proposals program
both call it. A new kind of account rule is added there, a new kind of item rule in
:mod:`optimizer.formulation.compile`.

Money enters in millions, support in units of 10⁶, so that every coefficient is of moderate
size; answers are rounded to whole levels and judged in exact integers afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pulp

from optimizer.formulation.problem import (
    PERCENTS,
    Kind,
    Linear,
    Part,
    Problem,
    StageSpec,
    UnitRoom,
    curve,
)

__all__ = ["MILLION", "Model", "PolicyRows", "policy_rows"]

MILLION = 10**6
# PuLP carries no type information.
Expression: TypeAlias = Any
Variable: TypeAlias = Any


def _sum(terms: Iterable[tuple[Variable, float]], constant: float = 0.0) -> Expression:
    return pulp.LpAffineExpression(list(terms), constant)


@dataclass(frozen=True, slots=True)
class PolicyRows:
    """Variables of one unit's accounts, in millions of rupiah.

    Attributes
    ----------
    money : list
        x of every node of the account tree.
    """

    money: list[Variable]


def policy_rows(
    program: pulp.LpProblem,
    problem: Problem,
    room: UnitRoom,
    name: str,
    programmed: Mapping[int, Expression],
    *,
    without: frozenset[int] = frozenset(),
) -> PolicyRows:
    """Write the bounds of one unit's account tree; the only place where a policy becomes rows.

    Parameters
    ----------
    name
        Prefix of the generated names inside the solver.
    programmed
        Per leaf node, the money that activities need: x must contain it.
    without
        Nodes whose own bounds are left out (to look for a conflict).
    """
    tree = problem.tree
    money: list[Variable] = []
    for node in range(len(tree.ids)):
        free = node in without
        money.append(
            program.add_variable(
                f"x_{name}_{node}",
                0 if free else room.lower[node] / MILLION,
                None if free else room.upper[node] / MILLION,
            )
        )
    for node, children in enumerate(tree.children):
        if children:
            terms = [(money[c], 1.0) for c in children] + [(money[node], -1.0)]
            program += (_sum(terms) == 0, f"sum_{name}_{node}")
        elif node in tree.pooled:
            program += (money[node] == room.given[node] / MILLION, f"pool_{name}_{node}")
        elif node in programmed:
            program += (
                programmed[node] - money[node] <= 0,
                f"activities_{name}_{node}",
            )
    return PolicyRows(money)


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


class Model:
    """The proposals program of one part, ready for one stage after another.

    Parameters
    ----------
    without
        Rules left out when a conflict is being explained: ``("account", unit, node)``,
        ``("limit", k)``, ``("pool", k)``, ``("pin", item)``.
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
        self._rows: dict[int, PolicyRows] = {}
        for unit in part.units:
            self._unit(unit)
        self._limits()
        self._pools()
        self._stage_terms: dict[str, Expression] = {}

    # --- rows ---------------------------------------------------------------------------

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
            self.program += (_sum([(above, 1), (inside, -item.extra)]) <= 0, f"in_{index}")
        return _ItemVariables(inside, above)

    def _unit(self, unit: int) -> None:
        programmed: dict[int, list[tuple[Variable, float]]] = {}
        for index in self.part.items:
            item = self.problem.items[index]
            for payer, amount in item.payers:
                if payer == unit:
                    node = self.problem.tree.leaves[item.leaf]
                    programmed.setdefault(node, []).extend(
                        self._items[index].quantity(amount.base / MILLION, amount.step / MILLION)
                    )
        self._rows[unit] = policy_rows(
            self.program,
            self.problem,
            self.problem.units[unit],
            f"u{unit}",
            {node: _sum(terms) for node, terms in programmed.items()},
            without=frozenset(
                key[2]
                for key in self._without
                if key[0] == "account" and key[1] == unit and isinstance(key[2], int)
            ),
        )

    def _limits(self) -> None:
        for k in self.part.limits:
            if ("limit", k) in self._without:
                continue
            limit = self.problem.limits[k]
            size = max((abs(q.base) + abs(q.step) for _, q in limit.terms), default=1)
            scale = float(MILLION if size > MILLION else 1)
            terms = [
                term
                for i, q in limit.terms
                for term in self._items[i].quantity(q.base / scale, q.step / scale)
            ]
            if limit.upper is not None:
                self.program += (_sum(terms) <= limit.upper / scale, f"limit_{k}_max")
            if limit.lower is not None:
                self.program += (_sum(terms) >= limit.lower / scale, f"limit_{k}_min")

    def _pools(self) -> None:
        for number, pool in enumerate(self.part.pools):
            if ("pool", number) in self._without:
                continue
            terms = [
                term
                for i in self.part.items
                if self.problem.pool_of(i) == pool
                for term in self.cost_terms(i)
            ]
            if terms:
                self.program += (
                    _sum(terms) <= self.problem.pools[pool] / MILLION,
                    f"pool_{number}",
                )

    # --- expressions --------------------------------------------------------------------

    def cost_terms(self, index: int) -> list[tuple[Variable, float]]:
        """Cost of an item in millions of rupiah."""
        cost = self.problem.items[index].cost
        return self._items[index].quantity(cost.base / MILLION, cost.step / MILLION)

    def level_terms(self, index: int, weight: float = 1.0) -> list[tuple[Variable, float]]:
        """The item's level, weighted."""
        return self._items[index].quantity(weight, weight)

    def _support_terms(self, index: int, factor: float = 1.0) -> list[tuple[Variable, float]]:
        support = self.problem.items[index].support
        return self._items[index].quantity(
            factor * support.base / MILLION, factor * support.step / MILLION
        )

    def stage(self, stage: StageSpec) -> Expression:
        """The objective of a stage, written once for the model."""
        if stage.name not in self._stage_terms:
            writer = {
                "mandatory": self._mandatory,
                "support": self._support,
                "welfare": self._welfare,
                "fill": self._fill,
                "changes": self._changes,
            }[stage.name]
            self._stage_terms[stage.name] = _sum(writer(stage))
        return self._stage_terms[stage.name]

    def scale(self, stage: StageSpec) -> float:
        """What one unit of the stage's exact integer value is in the model."""
        if stage.name in {"mandatory", "changes"}:
            return 1.0
        if stage.name == "welfare":
            return 1.0 / (MILLION * MILLION * PERCENTS)
        return 1.0 / MILLION

    def _mandatory(self, _stage: StageSpec) -> list[tuple[Variable, float]]:
        terms = []
        for r in self.part.requirements:
            requirement = self.problem.requirements[r]
            met = self.program.add_variable(f"met{r}", 0, 1)
            members = [(self._items[i].inside, -1.0) for i in requirement.items]
            self.program += (_sum([(met, 1.0), *members]) <= 0, f"mandatory_{r}")
            terms.append((met, 1.0))
        return terms

    def _support(self, _stage: StageSpec) -> list[tuple[Variable, float]]:
        return [term for i in self.part.items for term in self._support_terms(i)]

    def _welfare(self, stage: StageSpec) -> list[tuple[Variable, float]]:
        terms: list[tuple[Variable, float]] = []
        slope = sum(stage.marginals) / PERCENTS / MILLION
        inside = set(self.part.items)
        for index in self.part.items:
            if self.problem.items[index].kind is not Kind.OWN:
                terms.extend(self._support_terms(index, slope))
        groups = (
            (unit, leaf)
            for unit in self.part.units
            for leaf in range(len(self.problem.tree.leaves))
        )
        for key in groups:
            members = self.problem.own_items.get(key, ())
            if not self.problem.wanted.get(key, 0):
                continue
            support = [t for i in members if i in inside for t in self._support_terms(i)]
            pieces = [
                (
                    self.program.add_variable(f"phi_{key[0]}_{key[1]}_{k}", 0, width / MILLION),
                    slope_here,
                )
                for k, (width, slope_here) in enumerate(self._pieces(stage, key, members))
            ]
            self.program += (
                _sum([(v, 1.0) for v, _ in pieces]) - _sum(support) <= 0,
                f"satisfied_{key[0]}_{key[1]}",
            )
            terms.extend(pieces)
        return terms

    def _pieces(
        self, stage: StageSpec, key: tuple[int, int], members: Sequence[int]
    ) -> list[tuple[float, float]]:
        """φ of one group as (width in support, slope), steepest first.

        Only sums that some choice reaches need be exact, and on a concave curve the chords
        between them are: few items give few pieces. Where many sums are possible, the whole
        percents of the definition are the breakpoints.
        """
        wanted = self.problem.wanted[key]
        sums = {0}
        for index in members:
            item = self.problem.items[index]
            reached = [item.support.at(level) for level in range(item.top + 1)]
            if len(sums) * len(reached) > PERCENTS:
                return [
                    (wanted * count / PERCENTS, value / MILLION)
                    for value, count in _runs(stage.marginals)
                ]
            sums = {s + r for s in sums for r in reached}
        points = sorted(sums)
        heights = [curve(stage.marginals, s, wanted) for s in points]
        return [
            (right - left, (high - low) / (right - left) / PERCENTS / MILLION)
            for left, right, low, high in zip(
                points, points[1:], heights, heights[1:], strict=False
            )
        ]

    def _fill(self, _stage: StageSpec) -> list[tuple[Variable, float]]:
        terms = []
        tree = self.problem.tree
        for unit in self.part.units:
            room = self.problem.units[unit]
            for node, lower in enumerate(room.lower):
                if not lower:
                    continue
                inside = _descendants(tree.children, node)
                given = sum(room.given[n] for n in inside)
                spent = [
                    term
                    for i in self.part.items
                    if tree.leaves[self.problem.items[i].leaf] in inside
                    for payer, amount in self.problem.items[i].payers
                    if payer == unit
                    for term in self._items[i].quantity(
                        amount.base / MILLION, amount.step / MILLION
                    )
                ]
                short = self.program.add_variable(f"short_{unit}_{node}", 0)
                self.program += (
                    _sum([(short, 1.0), *spent]) >= (lower - given) / MILLION,
                    f"below_{unit}_{node}",
                )
                terms.append((short, -1.0))
        return terms

    def _changes(self, stage: StageSpec) -> list[tuple[Variable, float]]:
        """Minus one for every item whose level is not its base level."""
        terms = []
        for index in self.part.items:
            base, top = stage.base[index], self.problem.items[index].top
            changed = self.program.add_variable(f"changed{index}", int(base < 0), 1, "Integer")
            if base >= 0:
                level = self.level_terms(index)
                self.program += (_sum([*level, (changed, base - top)]) <= base, f"more_{index}")
                self.program += (_sum([*level, (changed, base)]) >= base, f"less_{index}")
            terms.append((changed, -1.0))
        return terms

    def total(self, terms: Iterable[tuple[int, Linear]], factor: float) -> Expression:
        """A linear quantity over items, times a factor."""
        return _sum(
            term
            for i, q in terms
            for term in self._items[i].quantity(q.base * factor, q.step * factor)
        )

    # --- steering -----------------------------------------------------------------------

    def maximise(self, expression: Expression) -> None:
        """Set the objective."""
        self.program.setObjective(expression)

    def residents(self, items: Sequence[int]) -> Expression:
        """Residents served, in thousands."""
        return _sum((self._items[i].inside, self.problem.items[i].residents / 1000) for i in items)

    def saving(self, items: Sequence[int]) -> Expression:
        """Cost, negative, in millions of rupiah."""
        return _sum((v, -w) for i in items for v, w in self.cost_terms(i))

    def lexical(self, weights: Iterable[tuple[int, int]]) -> Expression:
        """Levels with integer weights: earlier items outweigh all later ones together."""
        return _sum(term for i, w in weights for term in self.level_terms(i, float(w)))

    def excess(self, key: tuple[object, ...]) -> Expression:
        """Money beyond bounds that were left out, in millions: an account's or a pool's."""
        _, number, *rest = key
        assert isinstance(number, int)
        if key[0] == "pool":
            pool = self.part.pools[number]
            inside = [i for i in self.part.items if self.problem.pool_of(i) == pool]
            used = _sum(term for i in inside for term in self.cost_terms(i))
            most = self.problem.pools[pool]
        else:
            (node,) = rest
            assert isinstance(node, int)
            used = _sum([(self._rows[number].money[node], 1.0)])
            most = self.problem.units[number].upper[node]
            least = self.problem.units[number].lower[node]
        over = self.program.add_variable("excess", 0)
        self.program += (_sum([(over, 1.0)]) - used >= -most / MILLION, "excess_row")
        if key[0] == "pool":
            return _sum([(over, 1.0)])
        lack = self.program.add_variable("lack", 0)
        self.program += (_sum([(lack, 1.0)]) + used >= least / MILLION, "lack_row")
        return _sum([(over, 1.0), (lack, 1.0)])

    def at_least(self, expression: Expression, value: float, name: str) -> None:
        """Lock a stage at the value that was found."""
        self.program += (expression >= value, name)

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
                    _sum([*terms, (flag, float(free - past))]) >= free,
                    f"cut_{word}{index}_{self._cuts}",
                )
                differs.append((flag, 1.0))
        self.program += (_sum(differs) >= 1, f"cut_{self._cuts}")

    def levels(self) -> dict[int, int]:
        """The chosen levels; read only after the status says that there is a solution."""
        return {i: self._level(v) for i, v in self._items.items()}

    @staticmethod
    def _level(variables: _ItemVariables) -> int:
        inside = round(variables.inside.varValue)
        above = round(variables.above.varValue) if variables.above is not None else 0
        return int(inside * (1 + above))


def _runs(marginals: Sequence[int]) -> list[tuple[int, int]]:
    """Marginal values with the number of whole percents that share them."""
    runs: list[tuple[int, int]] = []
    for value in marginals:
        if runs and runs[-1][0] == value:
            runs[-1] = (value, runs[-1][1] + 1)
        else:
            runs.append((value, 1))
    return runs


def _descendants(children: Sequence[Sequence[int]], node: int) -> set[int]:
    inside = {node}
    for child in children[node]:
        inside |= _descendants(children, child)
    return inside
