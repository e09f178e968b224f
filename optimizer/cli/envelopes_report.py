"""Envelopes on the screen: where the pagu goes, which bounds hold, what is still to be proposed."""

from optimizer.cli.screen import Screen
from optimizer.envelopes import FieldPlan, field_table, open_table, price_table, source_table
from optimizer.territory import full_place

__all__ = ["print_envelopes"]

_SHOWN = 12


def print_envelopes(screen: Screen, fields: FieldPlan) -> None:
    """Print the answer of the linear program; what is long is in the files."""
    screen.line("fields.money.note")
    screen.head("fields.money.head")
    screen.table(field_table(fields))
    if fields.idle:
        most = max(fields.idle, key=lambda unit: fields.idle[unit])
        screen.line(
            "fields.money.homeless",
            units=screen.number(len(fields.idle)),
            place=full_place(most),
            amount=fields.idle[most],
        )
    screen.table(source_table(fields))
    screen.head("fields.price.head")
    screen.table(price_table(fields))
    screen.line("fields.price.note")
    calls = open_table(fields)
    if len(calls):
        screen.head("fields.open.head")
        screen.table(calls.first(_SHOWN))
        screen.more(len(calls) - _SHOWN)
