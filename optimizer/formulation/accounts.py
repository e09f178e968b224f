"""A policy's accounts as rows: :func:`policy_rows`, the only place where bounds become PuLP.

The fields program and the proposals program both call it; a new kind of account rule is added
here. Money enters in millions of rupiah, so that every coefficient is of moderate size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pulp

from optimizer.formulation.problem import Problem, UnitRoom

__all__ = ["MILLION", "Expression", "PolicyRows", "Variable", "added", "policy_rows"]

MILLION = 10**6
# PuLP carries no type information.
Expression: TypeAlias = Any
Variable: TypeAlias = Any


def added(terms: Iterable[tuple[Variable, float]]) -> Expression:
    """A sum of weighted variables."""
    return pulp.LpAffineExpression(list(terms))


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
            program += (added(terms) == 0, f"sum_{name}_{node}")
        elif node in tree.pooled:
            program += (money[node] == room.given[node] / MILLION, f"pool_{name}_{node}")
        elif node in programmed:
            program += (
                programmed[node] - money[node] <= 0,
                f"activities_{name}_{node}",
            )
    return PolicyRows(money)
