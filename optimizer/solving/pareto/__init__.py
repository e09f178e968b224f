"""Pareto lists over the territory's and the accounts' tree: exact in rupiah, and fast.

The recursion (G. L. Nemhauser, Z. Ullmann, "Discrete Dynamic Programming and Capital
Allocation", Management Science 15, 1969, carried from one budget to nested ones):

- A *point* is an amount of money x and the best packed value that it buys; a list holds the
  undominated points. The packed value carries every stage, the tie-break and the chosen levels
  (:mod:`.layout`), so that one comparison of integers is the whole lexicographic order.
- Block: ``L(b) = undominated {(cost, value)}`` over the levels that its rules allow.
- Leaf: ``L(a) = ⊕ L(b)``, where ⊕ makes all sums of two lists that fit and keeps the
  undominated ones; ``welfare`` then replaces the support S by φ(S).
- Node with bounds [l, u]: ``L(n) = {(max(l, x), v) : (x, v) ∈ ⊕ L(child), max(l, x) ≤ u}``.
  Bounds nest, so a cheaper point never fits worse.
- ``fill``: each rupiah below an unfilled minimum earns one in the stage's digit for every such
  node above it; when a node is closed, what exceeds the minimum is taken back. A dearer point
  that may still fill better therefore has the higher value and is not dominated.
- Root: the last point of the list. Shared proposals enter a leaf as money already spent: every
  vector of their levels where there are few (:mod:`.solve`), a search with bounds where all
  units of a kelurahan pay (:mod:`.wide`).

``order`` as the first stage is carried in the lists while they are short and decided line by
line where not (:mod:`.order`). Lists before and after an item give the margins of all items
(:mod:`.margins`); a whole list is the optimum at every budget (:mod:`.curves`).
"""

from optimizer.solving.pareto.coverage import covers
from optimizer.solving.pareto.curves import Curve, gift_values, pool_curve, unit_curve
from optimizer.solving.pareto.margins import in_out_values
from optimizer.solving.pareto.points import SumsExplode
from optimizer.solving.pareto.solve import solve_pareto

__all__ = [
    "Curve",
    "SumsExplode",
    "covers",
    "gift_values",
    "in_out_values",
    "pool_curve",
    "solve_pareto",
    "unit_curve",
]
