"""Envelopes in round numbers, without breaking a bound."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from optimizer.formulation.problem import Tree

__all__ = ["Money", "round_to_step"]

Money: TypeAlias = npt.NDArray[np.int64]


def round_to_step(tree: Tree, lower: Money, upper: Money, money: Money, step: int) -> Money:
    """Envelopes in multiples of ``step``, by a flow on the account tree.

    Every envelope goes down to a multiple, minima take back what they force, and the largest
    remainders go up as long as no account passes its maximum and the unit not its exact total.
    No bound breaks; an envelope is off the grid only where a bound or a pool share is.

    Parameters
    ----------
    lower, upper : shape (nodes, units)
        Bounds, activities included in those of the leaves.
    money : shape (leaves, units)
        A feasible allocation in whole rupiah.
    """
    if step == 1:
        return money
    leaves = tree.leaves
    below = [
        [i for i, leaf in enumerate(leaves) if _inside(tree, leaf, n)] for n in range(len(tree.ids))
    ]
    fixed = np.array([leaf in tree.pooled for leaf in leaves])[:, None]
    rounded = np.where(fixed, money, np.maximum(lower[list(leaves)], money // step * step))
    for node, members in enumerate(below):
        missing = lower[node] - rounded[members].sum(axis=0)
        for leaf in members:
            more = np.clip(missing, 0, money[leaf] - rounded[leaf])
            rounded[leaf] += more
            missing -= more
    rest = money - rounded
    order = np.argsort(-rest, axis=0, kind="stable")
    ceiling = upper.copy()
    ceiling[-1] = np.minimum(upper[-1], money.sum(axis=0))
    for rank in order:
        for leaf in range(len(leaves)):
            above = [n for n, members in enumerate(below) if leaf in members]
            room = np.min([ceiling[n] - rounded[below[n]].sum(axis=0) for n in above], axis=0)
            up = -(-money[leaf] // step) * step - rounded[leaf]
            rounded[leaf] += np.where((rank == leaf) & (rest[leaf] > 0) & (up <= room), up, 0)
    return rounded


def _inside(tree: Tree, leaf: int, node: int) -> bool:
    while leaf != node and leaf >= 0:
        leaf = tree.parent[leaf]
    return leaf == node
