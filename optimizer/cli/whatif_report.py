"""What-if results on the screen: tables with plain words, reasons below them."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.cli.plan_report import policy_lines
from optimizer.cli.screen import Screen
from optimizer.record.meetings import SCALE
from optimizer.record.scenario import Scenario
from optimizer.solving.outcome import Outcome
from optimizer.territory import full_place
from optimizer.whatif.near import Near, NearClass
from optimizer.whatif.points import Point
from optimizer.whatif.price_limit import PriceLimit
from optimizer.whatif.stability import ORDER_ONLY, Stability
from optimizer.whatif.sweep import Sweep

__all__ = [
    "print_field_prices",
    "print_foot",
    "print_head",
    "print_near",
    "print_price_limit",
    "print_rules",
    "print_stability",
    "print_sweep",
    "print_tornado",
]

_SHOWN = 20
_RUPIAH = frozenset({"spent", "unassigned", "pool_unspent", "reserved", "idle"})
_SWEEP = ("support", "first_priorities", "proposals", "unassigned", "letters")


def print_head(screen: Screen, scenario: Scenario) -> None:
    """What this is, and of which scenario under which policy."""
    screen.text(scenario.name, style="bold")
    screen.line("cli.simulation")
    policy_lines(screen, scenario)


def print_foot(
    screen: Screen, scenario: Scenario, files: Sequence[Path], *, complete: bool = True
) -> None:
    """Files, what is made up, and who decides."""
    if not complete:
        screen.text()
        screen.line("cli.whatif.stopped")
    if files:
        screen.head("cli.plan.files")
        for file in files:
            screen.text(f"- {file}")
    screen.text()
    if scenario.dataset.meta.made_up_notice:
        screen.text(screen.say("plan.made_up"), style="bold")
    screen.text(screen.say("plan.decides"), style="bold")


def _more(screen: Screen, left: int) -> None:
    if left > 0:
        screen.line("cli.more", count=left)


def _figure(screen: Screen, name: str, value: Any) -> str:
    """A measure as people read it; a dash where there is none."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 (not a number)
        return "–"
    if name in _RUPIAH:
        return screen.rupiah(int(value), short=True)
    return screen.words.number(Fraction(float(value)), 2)


def _change(screen: Screen, name: str, value: Any) -> str:
    text = _figure(screen, name, value)
    return f"+{text}" if text not in {"–", "0"} and value > 0 else text


# --- sweeps -------------------------------------------------------------------------------


def print_sweep(screen: Screen, found: Sweep) -> None:
    """Points, why some have no plan, and where proposals enter or leave."""
    screen.head("cli.whatif.sweep", paths=" × ".join(found.paths))
    headings = [
        *found.paths,
        screen.say("whatif.column.outcome"),
        *(screen.say(f"whatif.short.{name}") for name in _SWEEP),
        screen.say("whatif.column.changes"),
    ]
    dash = ["–"] * (len(found.paths) - 1)
    base = [screen.say("whatif.base"), *dash, *_point(screen, found, found.base)]
    rows = [base]
    for point in found.points:
        values = [value for _, value in point.changes]
        rows.append([*values, *_point(screen, found, point)])
    screen.table(headings, rows, right=tuple(range(len(found.paths) + 1, len(headings))))
    for point in (found.base, *found.points):
        if point.reason:
            where = ", ".join(f"{path} = {value}" for path, value in point.changes)
            where = where or screen.say("whatif.base")
            screen.text(f"- {where}: {screen.words.tell(point.reason)}")
    _steps(screen, found)


def _point(screen: Screen, found: Sweep, point: Point) -> list[str]:
    entered, left = found.differences(found.base, point)
    changes = f"+{len(entered)} −{len(left)}" if point.solved and found.base.solved else "–"
    return [
        screen.say(f"whatif.outcome.{point.outcome}"),
        *(_figure(screen, name, point.measures.get(name)) for name in _SWEEP),
        changes,
    ]


def _steps(screen: Screen, found: Sweep) -> None:
    steps = found.steps
    if steps.empty:
        return
    screen.head("cli.whatif.steps")
    rows = [
        (
            f"{step['before']} → {step['after']}",
            screen.say(f"whatif.change.{step['change']}"),
            step["id"],
            step["title"],
            full_place(step["owner"]),
        )
        for step in steps.head(_SHOWN).to_dict("records")
    ]
    headings = [screen.say(f"whatif.column.{c}") for c in ("step", "what", "id", "title", "owner")]
    screen.table(headings, rows)
    _more(screen, len(steps) - _SHOWN)


def print_tornado(screen: Screen, found: pd.DataFrame) -> None:
    """The strongest levers, the widest effect first."""
    measure = str(found["measure"].iloc[0]) if len(found) else "support"
    screen.head("cli.whatif.levers", measure=screen.say(f"compare.measure.{measure}"))
    rows = []
    for row in found.to_dict("records"):
        ends = []
        for end in ("low", "high"):
            solved = row[f"at_{end}"] is not pd.NA
            figure = _figure(screen, measure, row[f"at_{end}"])
            ends.append(figure if solved else screen.say(f"whatif.outcome.{row[f'outcome_{end}']}"))
        rows.append(
            (
                row["path"],
                row["low"],
                ends[0],
                row["high"],
                ends[1],
                _figure(screen, measure, row["swing"]),
            )
        )
    columns = ("lever", "low", "at_low", "high", "at_high", "swing")
    screen.table([screen.say(f"whatif.column.{c}") for c in columns], rows, right=(1, 2, 3, 4, 5))
    if len(found):
        screen.line("cli.whatif.now", value=_figure(screen, measure, found["base"].iloc[0]))
    for row in found.to_dict("records"):
        if row[f"reason_{screen.words.lang}"]:
            screen.text(f"- {row['path']}: {row[f'reason_{screen.words.lang}']}")


# --- rules and prices ---------------------------------------------------------------------


def print_rules(screen: Screen, found: pd.DataFrame) -> None:
    """What changes without each rule; rules without any effect in one line."""
    screen.head("cli.whatif.rules.head")
    found = found.assign(idle=found["unassigned"] + found["pool_unspent"] + found["reserved"])
    changes = ("support", "idle", "findings", "letters")
    effect = found[[*changes, "units_touched"]].fillna(0).ne(0).any(axis=1)
    shown = found[effect | (found["outcome"] != Outcome.OPTIMAL.value)]
    rows = [
        (
            str(row[f"name_{screen.words.lang}"]),
            _article(screen, row),
            screen.say(f"whatif.outcome.{row['outcome']}"),
            _figure(screen, "units_touched", row["units_touched"]),
            *(_change(screen, name, row[name]) for name in changes),
        )
        for row in shown.to_dict("records")
    ]
    headings = [screen.say(f"whatif.column.{c}") for c in ("rule", "article", "outcome", "touched")]
    headings += [screen.say(f"whatif.short.{name}") for name in changes]
    screen.table(headings, rows, right=tuple(range(3, len(headings))))
    silent = len(found) - len(shown)
    if silent:
        screen.line("cli.whatif.rules.silent", count=silent)
    screen.line("cli.whatif.rules.note")


def _article(screen: Screen, row: Mapping[Any, Any]) -> str:
    certainty = screen.say(f"whatif.certainty.{row['certainty']}")
    known = str(row["article"]).strip("- ")
    return f"{known} ({certainty})" if known else certainty


def print_field_prices(screen: Screen, found: pd.DataFrame, amount: int) -> None:
    """± an amount in each bound of the fields program, over all units."""
    screen.head("cli.prices.fields", amount=amount)
    rows = [
        (
            str(account),
            screen.say(f"fields.side.{side}"),
            *(
                _figure(screen, name, group[name].sum(min_count=1))
                for name in ("gain", "loss", "dual")
            ),
            f"{int(group['agrees'].sum())}/{len(group)}",
        )
        for (account, side), group in found.groupby(["account", "side"], sort=False)
    ]
    columns = ("account", "side", "gain", "loss", "dual", "agrees")
    screen.table([screen.say(f"whatif.column.{c}") for c in columns], rows, right=(2, 3, 4, 5))
    screen.line("cli.prices.note")


def print_price_limit(screen: Screen, found: PriceLimit) -> None:
    """How far prices may rise, and what breaks then."""
    screen.head("cli.whatif.price-limit.head")
    if found.rise is None:
        screen.line("cli.whatif.price-limit.never")
        return
    screen.line("cli.whatif.price-limit.rise", rise=found.rise)
    for place, said in found.breaks[:_SHOWN]:
        screen.text(f"- {full_place(place)}: {screen.words.tell(said)}")
    _more(screen, len(found.breaks) - _SHOWN)


# --- stability and near-optimal plans -------------------------------------------------------


def print_stability(screen: Screen, found: Stability) -> None:
    """Proposals that are in only sometimes; the others are counted."""
    screen.head(
        "cli.whatif.stability.head",
        draws=found.draws,
        seed=found.seed,
        attendance=found.attendance,
    )
    table = found.table
    known = table[table["status"] != ORDER_ONLY]
    shaky = known[(known["share"] > 0) & (known["share"] < 1)]
    rows = [
        (
            row["id"],
            row["title"],
            full_place(row["owner"]),
            screen.say("plan.in" if row["planned"] else "plan.out"),
            screen.say("whatif.times", times=row["times"], of=row["of"]),
            f"{screen.words.share(float(row['low']))} – {screen.words.share(float(row['high']))}",
        )
        for row in shaky.head(_SHOWN).to_dict("records")
    ]
    columns = ("id", "title", "owner", "planned", "times", "interval")
    screen.table([screen.say(f"whatif.column.{c}") for c in columns], rows, right=(4, 5))
    _more(screen, len(shaky) - _SHOWN)
    screen.line(
        "cli.whatif.stability.sum",
        always=int((known["share"] == 1).sum()),
        never=int((known["share"] == 0).sum()),
        unknown=len(table) - len(known),
    )
    screen.line("cli.whatif.stability.model")


def print_near(screen: Screen, found: Near) -> None:
    """Contested proposals; those that are always or never in are counted."""
    screen.head(
        "cli.whatif.near.head",
        epsilon=found.epsilon,
        stage=screen.say(f"cli.stage.{found.stage}"),
    )
    table = found.table
    counts = table["class"].value_counts()
    screen.line(
        "cli.whatif.near.sum",
        **{c.value: screen.number(int(counts.get(c.value, 0))) for c in NearClass},
    )
    contested = table[table["class"] == NearClass.CONTESTED.value]
    rows = [
        (
            row["id"],
            row["title"],
            full_place(row["owner"]),
            screen.say("plan.in" if row["planned"] else "plan.out"),
            _cost(screen, row["loss_out"] if row["planned"] else row["loss_in"]),
        )
        for row in contested.head(_SHOWN).to_dict("records")
    ]
    columns = ("id", "title", "owner", "planned", "loss_share")
    screen.table([screen.say(f"whatif.column.{c}") for c in columns], rows, right=(4,))
    _more(screen, len(contested) - _SHOWN)
    screen.line("cli.whatif.near.note")


def _cost(screen: Screen, loss: float) -> str:
    return screen.words.share(round(Fraction(loss) * SCALE) / Fraction(SCALE), 3)
