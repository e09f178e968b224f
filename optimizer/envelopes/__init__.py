"""The linear core: every unit's pagu over the fields under the caps, by the residents' weights.

:class:`FieldPlan` holds the envelopes with their proof and shadow prices; the functions beside it
say them as tables.
"""

from optimizer.envelopes.fieldplan import FieldPlan, Price
from optimizer.envelopes.result import field_table, open_table, price_table, source_table

__all__ = ["FieldPlan", "Price", "field_table", "open_table", "price_table", "source_table"]
