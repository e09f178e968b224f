"""The proposals program of one part: named constraints and stage objectives, ready to solve.

Its parts: variables and what is linear in them (:mod:`optimizer.formulation.choice`), a unit's
accounts (:mod:`optimizer.formulation.accounts`), stages (:mod:`optimizer.formulation.objectives`).
Here they are put together with limits and pools.

Money enters in millions, support in units of 10⁶, so that every coefficient is of moderate
size; answers are rounded to whole levels and judged in exact integers afterwards.
"""

from __future__ import annotations

from optimizer.formulation.accounts import (
    MILLION,
    Expression,
    PolicyRows,
    Variable,
    added,
    policy_rows,
)
from optimizer.formulation.choice import Choice
from optimizer.formulation.objectives import scale_of, write_stage
from optimizer.formulation.problem import Part, Problem, StageSpec

__all__ = ["MILLION", "Expression", "Model"]


class Model(Choice):
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
        super().__init__(problem, part, without)
        self._rows: dict[int, PolicyRows] = {}
        for unit in part.units:
            self._unit(unit)
        self._limits()
        self._pools()
        self._stages: dict[str, Expression] = {}

    # --- rows ---------------------------------------------------------------------------

    def _unit(self, unit: int) -> None:
        programmed: dict[int, list[tuple[Variable, float]]] = {}
        for index in self.part.items:
            item = self.problem.items[index]
            for payer, amount in item.payers:
                if payer == unit:
                    node = self.problem.tree.leaves[item.leaf]
                    programmed.setdefault(node, []).extend(self.money_terms(index, amount))
        self._rows[unit] = policy_rows(
            self.program,
            self.problem,
            self.problem.units[unit],
            f"u{unit}",
            {node: added(terms) for node, terms in programmed.items()},
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
                for term in self.terms(i, q.base / scale, q.step / scale)
            ]
            if limit.upper is not None:
                self.program += (added(terms) <= limit.upper / scale, f"limit_{k}_max")
            if limit.lower is not None:
                self.program += (added(terms) >= limit.lower / scale, f"limit_{k}_min")

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
                    added(terms) <= self.problem.pools[pool] / MILLION,
                    f"pool_{number}",
                )

    # --- stages -------------------------------------------------------------------------

    def stage(self, stage: StageSpec) -> Expression:
        """The objective of a stage, written once for the model."""
        if stage.name not in self._stages:
            self._stages[stage.name] = write_stage(self, stage)
        return self._stages[stage.name]

    def scale(self, stage: StageSpec) -> float:
        """What one unit of the stage's exact integer value is in the model."""
        return scale_of(stage)

    # --- steering -----------------------------------------------------------------------

    def maximise(self, expression: Expression) -> None:
        """Set the objective."""
        self.program.setObjective(expression)

    def excess(self, key: tuple[object, ...]) -> Expression:
        """Money beyond bounds that were left out, in millions: an account's or a pool's."""
        _, number, *rest = key
        assert isinstance(number, int)
        if key[0] == "pool":
            pool = self.part.pools[number]
            inside = [i for i in self.part.items if self.problem.pool_of(i) == pool]
            used = added(term for i in inside for term in self.cost_terms(i))
            most = self.problem.pools[pool]
        else:
            (node,) = rest
            assert isinstance(node, int)
            used = added([(self._rows[number].money[node], 1.0)])
            most = self.problem.units[number].upper[node]
            least = self.problem.units[number].lower[node]
        over = self.program.add_variable("excess", 0)
        self.program += (added([(over, 1.0)]) - used >= -most / MILLION, "excess_row")
        if key[0] == "pool":
            return added([(over, 1.0)])
        lack = self.program.add_variable("lack", 0)
        self.program += (added([(lack, 1.0)]) + used >= least / MILLION, "lack_row")
        return added([(over, 1.0), (lack, 1.0)])

    def at_least(self, expression: Expression, value: float, name: str) -> None:
        """Lock a stage at the value that was found."""
        self.program += (expression >= value, name)
