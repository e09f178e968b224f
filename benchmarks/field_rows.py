"""The fields program for a million units at once."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from benchmarks.setting import Setting
from benchmarks.timing import Peer, Row, timed
from optimizer.formulation.compile import marginals
from optimizer.solving.field_money import field_question, solve_fields
from optimizer.solving.fields import allocate_arrays

__all__ = ["fields_even", "fields_linear"]

SEED = 7
PAGU = 100_000_000
PARTS = 1000


def fields_linear(setting: Setting) -> Row:
    """Evenness 0: the highest weight first."""
    return _row("fields-linear", Fraction(0), setting, 1.5)


def fields_even(setting: Setting) -> Row:
    """Evenness 0.5: a hundred pieces for each field."""
    return _row("fields-even", Fraction(1, 2), setting, 5)


def _row(name: str, evenness: Fraction, setting: Setting, seconds: float) -> Row:
    problem = setting.kelurahan
    room, tree = problem.units[0], problem.tree
    count = 10_000 if setting.quick else 1_000_000
    sample = 5 if setting.quick else 200
    tops = tree.children[-1]
    weights = np.random.default_rng(SEED).integers(1, PARTS, (len(tops), count))
    columns = [np.array(c)[:, None] for c in (room.lower, room.upper, room.given)]
    (money, fits), time = timed(
        lambda: allocate_arrays(
            tree,
            *columns,
            budgets=np.full(count, room.upper[-1]),
            weights=weights,
            marginals=marginals(evenness),
        ),
        setting.few,
    )
    one = replace(problem, units=(room,))
    names = [tree.ids[node] for node in tops]

    def by_pulp() -> list[Fraction]:
        found = []
        for k in range(sample):
            shares = dict(zip(names, (Fraction(int(w)) for w in weights[:, k]), strict=True))
            found.append(
                solve_fields(one, field_question(one, room.id, shares, evenness)).objective
            )
        return found

    best, repeating = timed(by_pulp, warm=False)
    ours = [
        field_question(
            one,
            room.id,
            dict(zip(names, (Fraction(int(w)) for w in weights[:, k]), strict=True)),
            evenness,
        ).objective(tree, dict(zip(tree.leaves, money[:, k].tolist(), strict=True)))
        for k in range(sample)
    ]
    return Row(
        name,
        time,
        (
            Peer(
                "pulp-highs",
                repeating.times(count / sample),
                bool(fits.all()) and ours == best,
                note=f"{sample}/{count}",
            ),
        ),
        {"units": count},
        {} if setting.quick else {"seconds": seconds},
    )
