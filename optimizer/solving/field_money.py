"""The fields program by the reference, and what one more million in each account changes.

Every figure comes from solving again, exactly. The dual of the linear program stands beside it:
it is a slope at the optimum, so it agrees as long as no bound or breakpoint lies within the
move, and where it does not, that is said. There is no dual for whole proposals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimizer.errors import Infeasible, ScenarioError
from optimizer.formulation.compile import marginals
from optimizer.formulation.fields import FieldModel, FieldQuestion, Phi
from optimizer.formulation.problem import Problem, Tree, UnitRoom
from optimizer.formulation.program import MILLION
from optimizer.nearest import nearest
from optimizer.solving.field_rounding import Money, round_to_step
from optimizer.solving.fields import allocate_arrays, whole_weights
from optimizer.solving.outcome import Clock, Outcome, run
from optimizer.territory import full_place
from optimizer.words import INDONESIAN, Words

__all__ = ["FieldAnswer", "MoneyChange", "field_question", "marginal_money", "solve_fields"]

TOLERANCE = 1e-6
# One point: a percent of the pagu in a field that has all the weight (α = 0).
POINTS = 100


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """The reference's answer for one unit.

    Attributes
    ----------
    money
        Rupiah by leaf account.
    objective : Fraction
        Exact Σ_f w_f · φ(x_f / B) of that money.
    duals
        (account, side) → change of the objective for Rp1 000 000 more in that bound, as
        :meth:`FieldModel.duals` names the sides.
    """

    money: Mapping[str, int]
    objective: Fraction
    duals: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class MoneyChange:
    """What moving one bound changes in the objective Σ w·φ of a unit.

    Attributes
    ----------
    side : str
        ``max``, ``min``, ``exact`` (both together), ``pool`` (what the unit gives) or ``pagu``
        (the money that there is; shares of it stay at their rupiah).
    gain, loss : Fraction or None
        Change when the bound goes up, or down, by ``amount``; ``None`` where no allocation is
        left.
    dual : float
        The linear program's price of ``amount``.
    kink : bool
        The three figures do not agree: the dual does not hold over the move.
    """

    account: str
    side: str
    amount: int
    gain: Fraction | None
    loss: Fraction | None
    dual: float
    kink: bool

    def text(self, words: Words = INDONESIAN) -> str:
        """One or two sentences: the figures solved again, then the dual."""
        amount = words.rupiah(self.amount)
        data = {
            "account": self.account,
            "side": words.say(f"fields.side.{self.side}"),
            "amount": amount,
            "gain": _points(self.gain, words),
            "loss": _points(self.loss, words),
        }
        beside = "fields.change.kink" if self.kink else "fields.change.dual"
        dual = _points(Fraction(self.dual), words)
        return f"{words.say('fields.change', **data)} {words.say(beside, dual=dual, amount=amount)}"


def _points(value: Fraction | None, words: Words) -> str:
    if value is None:
        return words.say("fields.change.none")
    text = words.number(value * POINTS, 2)
    return words.say("fields.points", value=f"+{text}" if value > 0 and text != "0" else text)


def field_question(
    problem: Problem,
    unit: str,
    weights: Mapping[str, Fraction],
    evenness: Fraction,
    programmed: Mapping[str, int] | None = None,
) -> FieldQuestion:
    """The question of one unit, with accounts by name.

    Raises
    ------
    ScenarioError
        ``unknown_field_unit`` with the nearest known one.
    """
    rooms = {room.id: room for room in problem.units}
    if unit not in rooms:
        raise ScenarioError("unknown_field_unit", unit=unit, near=nearest(unit, rooms) or "-")
    tree = problem.tree
    tops = {tree.ids[node]: node for node in tree.children[-1]}
    leaves = {tree.ids[node]: node for node in tree.leaves}
    return FieldQuestion(
        room=rooms[unit],
        budget=rooms[unit].upper[-1],
        weights={node: weights[name] for name, node in tops.items() if weights.get(name)},
        phi=Phi.of(marginals(evenness)),
        programmed={
            leaves[name]: amount
            for name, amount in (programmed or {}).items()
            if amount and leaves[name] not in tree.pooled
        },
    )


def solve_fields(problem: Problem, question: FieldQuestion, step: int = 1) -> FieldAnswer:
    """One unit by PuLP and HiGHS: the reference for :func:`allocate_arrays`.

    Among several optima this is whichever vertex the solver ends at; the greedy method's is the
    one that counts.

    Raises
    ------
    Infeasible
        ``fields_none`` where the bounds leave no allocation.
    """
    model = FieldModel(problem, question)
    outcome, _ = run(model.program, Clock())
    if outcome is not Outcome.OPTIMAL:
        raise Infeasible("fields_none", unit=full_place(question.room.id))
    tree = problem.tree
    exact = model.envelopes()
    lower, upper, _given = (a[:, None] for a in _bounds(tree, question))
    column = np.array([[exact[node]] for node in tree.leaves], np.int64)
    rounded = round_to_step(tree, lower, upper, column, step)[:, 0].tolist()
    money = dict(zip(tree.leaves, rounded, strict=True))
    return FieldAnswer(
        money={tree.ids[node]: amount for node, amount in money.items()},
        objective=question.objective(tree, money),
        duals={(tree.ids[node], side): price for (node, side), price in model.duals().items()},
    )


def marginal_money(
    problem: Problem, question: FieldQuestion, amount: int = MILLION
) -> tuple[MoneyChange, ...]:
    """What ± ``amount`` rupiah in each bound of a unit, and in its pagu, changes.

    Bounds that do not limit anything (a maximum as large as the pagu, a minimum of 0) are left
    out. Activities and all other bounds stay where they are.

    Raises
    ------
    Infeasible
        ``fields_none`` where the bounds as they are leave no allocation.
    """
    duals = solve_fields(problem, question).duals
    tree = problem.tree
    sides = list(_sides(tree, question.room))
    moved = [
        replace(question, room=_moved(question.room, node, side, change))
        for node, side in sides
        for change in (amount, -amount)
    ]
    now, *values = _values(tree, [question, *moved])
    assert now is not None  # the reference has just found an allocation
    changes = [None if value is None else value - now for value in values]
    return tuple(
        _change(tree.ids[node], side, amount, (gain, loss), duals)
        for (node, side), gain, loss in zip(sides, changes[::2], changes[1::2], strict=True)
    )


def _change(
    account: str,
    side: str,
    amount: int,
    changes: tuple[Fraction | None, Fraction | None],
    duals: Mapping[tuple[str, str], float],
) -> MoneyChange:
    parts = {"exact": ("max", "min"), "pagu": ("max",)}.get(side, (side,))
    dual = sum(duals[account, part] for part in parts) * amount / MILLION
    gain, loss = changes
    agrees = (
        gain is not None
        and loss is not None
        and abs(float(gain) - dual) <= TOLERANCE
        and abs(float(loss) + dual) <= TOLERANCE
    )
    return MoneyChange(account, side, amount, gain, loss, dual, kink=not agrees)


def _sides(tree: Tree, room: UnitRoom) -> Iterator[tuple[int, str]]:
    """The bounds that a unit has, in the order of the regulation, the pagu last."""
    pagu = room.upper[-1]
    for node in range(len(tree.ids) - 1):
        if node in tree.pooled:
            yield node, "pool"
        elif room.lower[node] > 0 and room.upper[node] - room.lower[node] <= 1:
            yield node, "exact"
        else:
            if room.upper[node] < pagu:
                yield node, "max"
            if room.lower[node] > 0:
                yield node, "min"
    yield len(tree.ids) - 1, "pagu"


def _moved(room: UnitRoom, node: int, side: str, change: int) -> UnitRoom:
    def shifted(values: tuple[int, ...]) -> tuple[int, ...]:
        return (*values[:node], values[node] + change, *values[node + 1 :])

    return replace(
        room,
        lower=shifted(room.lower) if side in {"min", "exact", "pool"} else room.lower,
        upper=shifted(room.upper) if side in {"max", "exact", "pool", "pagu"} else room.upper,
        given=shifted(room.given) if side == "pool" else room.given,
    )


def _bounds(tree: Tree, question: FieldQuestion) -> tuple[Money, Money, Money]:
    """Lower (activities included), upper and given of every node."""
    room = question.room
    lower = [max(low, question.programmed.get(node, 0), 0) for node, low in enumerate(room.lower)]
    return (
        np.array(lower, np.int64),
        np.array(room.upper, np.int64),
        np.array(room.given, np.int64),
    )


def _values(tree: Tree, questions: list[FieldQuestion]) -> list[Fraction | None]:
    """Exact optimum of each question, all at once; they differ in their room only."""
    first = questions[0]
    weights, _ = whole_weights([first.weights.get(n, Fraction(0)) for n in tree.children[-1]])
    lower, upper, given = (
        np.stack(rows, axis=1) for rows in zip(*(_bounds(tree, q) for q in questions), strict=True)
    )
    money, feasible = allocate_arrays(
        tree,
        lower,
        upper,
        given,
        budgets=np.full(len(questions), first.budget, np.int64),
        weights=np.repeat(np.array(weights, np.int64)[:, None], len(questions), axis=1),
        marginals=first.phi.marginals,
    )
    return [
        q.objective(tree, dict(zip(tree.leaves, column, strict=True))) if fits else None
        for q, column, fits in zip(questions, money.T.tolist(), feasible.tolist(), strict=True)
    ]
