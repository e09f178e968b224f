"""The peers that get a compiled problem: HiGHS on the raw matrix, PuLP with HiGHS or CBC.

HiGHS is given every advantage: the matrix is built beforehand and only its own run is timed,
with the stages one after another, each locked at the value found. ``whole`` is one matrix for
all units, as somebody would write it first; ``split`` is one for each part, which already uses
our structure.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from benchmarks.timing import FAILED, Peer, Timing
from optimizer.formulation.problem import Part, Problem
from optimizer.formulation.program import Expression, Model
from optimizer.solving.outcome import TOLERANCE
from optimizer.solving.stages import lexical_chunks

__all__ = ["Matrix", "Run", "as_peer", "cbc", "matrices", "solve_matrices", "whole"]

# highspy carries no type information.
_Highs: Any = highspy.Highs
INFINITY = highspy.kHighsInf
# Values are multiples of 10⁻⁶: a stage is locked between the value found and the next below.
PLACES, HAIR = 6, 5e-7


def whole(problem: Problem) -> Part:
    """All parts of a problem as one."""
    parts = problem.parts

    def united(name: str) -> tuple[Any, ...]:
        return tuple(sorted(n for part in parts for n in getattr(part, name)))

    return Part(
        name="whole",
        units=united("units"),
        items=united("items"),
        limits=united("limits"),
        requirements=united("requirements"),
        pools=united("pools"),
        groups=united("groups"),
    )


@dataclass(frozen=True, slots=True)
class Matrix:
    """A part as HiGHS takes it, with its objectives in order.

    Attributes
    ----------
    objectives : tuple
        Cost of every column, to be maximised one after the other.
    level_columns : mapping
        Item → columns that add up to its level.
    """

    part: Part
    program: highspy.HighsLp
    objectives: tuple[np.ndarray[Any, Any], ...]
    level_columns: Mapping[int, tuple[int, int | None]]


def matrices(problem: Problem, parts: Sequence[Part], *, ties: bool) -> list[Matrix]:
    """Write parts as raw matrices; ``ties`` adds the objectives of the tie-break."""
    return [_matrix(problem, part, ties=ties) for part in parts]


def _matrix(problem: Problem, part: Part, *, ties: bool) -> Matrix:
    model = Model(problem, part)
    wanted: list[Expression] = [model.stage(s) for s in problem.stages]
    if ties:
        wanted += [model.residents(part.items), model.saving(part.items)]
        wanted += [model.lexical(chunk) for chunk in lexical_chunks(problem, part.items)]
    variables = model.program.variables()
    column = {v.name: k for k, v in enumerate(variables)}
    rows = model.program.constraints()
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(variables), len(rows)
    program.col_cost_ = np.zeros(len(variables))
    program.col_lower_ = np.array([_or(v.lowBound, -INFINITY) for v in variables])
    program.col_upper_ = np.array([_or(v.upBound, INFINITY) for v in variables])
    program.integrality_ = [
        highspy.HighsVarType.kInteger
        if v.cat == pulp.LpInteger
        else highspy.HighsVarType.kContinuous
        for v in variables
    ]
    ends = [(-row.constant, row.sense) for row in rows]
    program.row_lower_ = np.array([b if s >= 0 else -INFINITY for b, s in ends])
    program.row_upper_ = np.array([b if s <= 0 else INFINITY for b, s in ends])
    terms = [[(column[v.name], float(c)) for v, c in row.items() if c] for row in rows]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(t) for t in terms)], dtype=np.int32)
    program.a_matrix_.index_ = np.array([k for t in terms for k, _ in t], np.int32)
    program.a_matrix_.value_ = np.array([c for t in terms for _, c in t])
    program.sense_ = highspy.ObjSense.kMaximize
    return Matrix(
        part=part,
        program=program,
        objectives=tuple(_costs(e, column) for e in wanted if len(e)),
        level_columns={i: (column[f"z{i}"], column.get(f"k{i}")) for i in part.items},
    )


def _or(bound: float | None, default: float) -> float:
    return default if bound is None else float(bound)


def _costs(expression: Expression, column: Mapping[str, int]) -> np.ndarray[Any, Any]:
    costs = np.zeros(len(column))
    for variable, factor in expression.items():
        costs[column[variable.name]] += factor
    return costs


@dataclass(frozen=True, slots=True)
class Run:
    """What HiGHS made of some matrices.

    Attributes
    ----------
    levels : mapping
        Chosen levels, of all matrices together; empty where it was stopped.
    stopped : bool
        Whether the time limit ended it.
    failed : bool
        Whether it ended in time with neither an optimum nor a choice that stands.
    """

    levels: Mapping[int, int]
    stopped: bool = False
    failed: bool = False


def solve_matrices(made: Sequence[Matrix], limit: float) -> Run:
    """Stage after stage of every matrix, gap 0, one thread, until all is proved or time is up."""
    end = time.monotonic() + limit
    levels: dict[int, int] = {}
    for matrix in made:
        solver = _solver(matrix)
        for values in _stages(solver, matrix, end):
            if values is None:
                late = time.monotonic() >= end
                return Run({}, stopped=late, failed=not late)
            found = values
        levels |= _levels(matrix, found)
    return Run(levels)


def _solver(matrix: Matrix) -> Any:
    solver: Any = _Highs()
    solver.setOptionValue("output_flag", False)
    for option, value in (
        ("threads", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("mip_feasibility_tolerance", TOLERANCE),
        ("primal_feasibility_tolerance", TOLERANCE),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(matrix.program)
    return solver


def _stages(solver: Any, matrix: Matrix, end: float) -> Iterator[np.ndarray[Any, Any] | None]:
    """Column values after each stage; ``None`` when time is up."""
    columns = np.arange(matrix.program.num_col_, dtype=np.int32)
    for costs in matrix.objectives:
        left = end - time.monotonic()
        if left <= 0:
            yield None
            return
        solver.changeColsCost(len(columns), columns, costs)
        solver.setOptionValue("time_limit", left + solver.getRunTime())
        if not _proved(solver):
            yield None
            return
        used = np.flatnonzero(costs).astype(np.int32)
        value = round(solver.getInfo().objective_function_value, PLACES)
        solver.addRow(value - HAIR, INFINITY, len(used), used, costs[used])
        yield np.array(solver.getSolution().col_value)


def _proved(solver: Any) -> bool:
    """Run; where presolve says that a stage has no answer, which the one before was, run without.

    In 1.15.1 it does so for a part of Kaliombo; everything else is left as HiGHS has it.
    """
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        solver.setOptionValue("presolve", "off")
        solver.run()
        solver.setOptionValue("presolve", "choose")
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _levels(matrix: Matrix, values: np.ndarray[Any, Any]) -> dict[int, int]:
    return {
        i: round(values[inside]) * (1 + (round(values[above]) if above is not None else 0))
        for i, (inside, above) in matrix.level_columns.items()
    }


def as_peer(
    name: str, run: Run, time: Timing, limit: float, *, same: bool | None, note: str = ""
) -> Peer:
    """A run as a peer of the table; ``same`` counts only where it ended with an answer."""
    if run.failed:
        return Peer(name, note=FAILED)
    if run.stopped:
        return Peer(name, time, None, limit, note)
    return Peer(name, time, same, note=note)


def cbc(problem: Problem, part: Part, limit: float) -> Run:
    """PuLP's bundled CBC on one part, the stages one after another, building included."""
    end = time.monotonic() + limit
    model = Model(problem, part)
    for number, stage in enumerate(problem.stages):
        expression = model.stage(stage)
        model.maximise(expression)
        left = end - time.monotonic()
        solver = pulp.COIN_CMD(
            path=pulp.PULP_CBC_CMD.pulp_cbc_path,  # the one that PuLP brings along
            msg=False,
            gapRel=0,
            gapAbs=0,
            threads=1,
            timeLimit=max(left, 1),
        )
        model.program.solve(solver)
        if model.program.sol_status != pulp.LpSolutionOptimal:
            return Run({}, stopped=True)
        scale = model.scale(stage)
        value = problem.value(part, stage, model.levels()) * scale
        model.at_least(expression, value, f"lock_{number}")
    return Run(model.levels())
