"""``rembug compare``: plans beside each other, and the proposals in which they differ."""

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated

from optimizer.cli.program import Language, Program, UsageProblem, print_json
from optimizer.cli.screen import Screen, Waiting
from optimizer.compare import Comparison, compare
from optimizer.errors import ScenarioError
from optimizer.files.scenarios import load_scenario
from optimizer.measures import Measures
from optimizer.money import format_number, format_share
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.practice import RULES
from optimizer.record.scenario import Scenario
from optimizer.words import has

__all__ = ["register"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHOWN = 60


def register(app: Program) -> None:
    """Add the command."""

    @app.command("compare", help=app.words("cli.compare.help"))
    def compare_(
        scenarios: Annotated[list[str], app.argument("scenarios")],
        *,
        rules: Annotated[bool, app.option("--rules")] = False,
        as_json: Annotated[bool, app.as_json] = False,
        lang: Annotated[Language, app.language] = app.lang,
    ) -> None:
        if len(scenarios) < 2 and not rules:
            raise UsageProblem("compare_one")
        if len(scenarios) + rules * len(RULES) > len(_LETTERS):
            raise UsageProblem("compare_many", most=len(_LETTERS))
        screen = Screen(lang)
        asked = [load_scenario(s) for s in scenarios]
        refused: list[str] = []
        with Waiting(screen.say("cli.compare.solving")) as waiting:
            plans = [optimize(s, progress=waiting.report) for s in asked]
            names = [plan.scenario.name for plan in plans]
            for rule, plan in _practised(asked[0] if rules else None, lang, refused):
                plans.append(plan)
                names.append(f"{screen.say(f'practice.{rule}')} ({asked[0].name})")
            found = compare(plans, names)
        if as_json:
            print_json({**found.to_dict(), "not_computed": refused})
        else:
            _print(screen, found, refused)


def _practised(
    scenario: Scenario | None, lang: Language, refused: list[str]
) -> list[tuple[str, Plan]]:
    """The rules as practised; what the data cannot tell is said, not dropped."""
    plans = []
    for rule, find in RULES.items() if scenario is not None else ():
        assert scenario is not None
        try:
            plans.append((rule, find(scenario)))
        except ScenarioError as error:
            refused.append(error.message(lang))
    return plans


def _print(screen: Screen, found: Comparison, refused: list[str]) -> None:
    if any(plan.scenario.dataset.meta.made_up_notice for plan in found.plans):
        screen.line("plan.made_up")
    screen.line("plan.simulation")
    screen.head("cli.compare.plans")
    letters = _LETTERS[: len(found.names)]
    for letter, name, plan in zip(letters, found.names, found.plans, strict=True):
        screen.text(f"{letter}  {name}")
        for note in plan.answer.notes:
            if has(note):
                screen.text(f"   {screen.say(note)}")
    for message in dict.fromkeys(refused):
        screen.text(message)
    screen.head("cli.compare.measures")
    rows = [
        [screen.say(f"compare.measure.{name}"), *(show(screen, m) for m in found.measures)]
        for name, show in _SHOW.items()
    ]
    screen.table(["", *letters], rows, right=range(1, len(letters) + 1))
    _print_fields(screen, found, letters)
    _print_differences(screen, found, letters)


def _print_fields(screen: Screen, found: Comparison, letters: str) -> None:
    """Share of the pagu of all units, per account, against the largest share allowed."""
    screen.head("cli.compare.fields")
    table = found.fields
    policy = found.plans[0].scenario.policy
    rows = []
    for account in table["account"].unique():
        lines = {r["plan"]: r for r in table[table["account"] == account].to_dict("records")}
        known = policy.by_id.get(str(account))
        cells = [_share(screen, lines.get(name)) for name in found.names]
        rows.append([known.name[screen.lang] if known else str(account), *cells])
    screen.table(["", *letters], rows, right=range(1, len(letters) + 1))


def _share(screen: Screen, row: dict[str, object] | None) -> str:
    """``21,4% / 40%``: what is programmed, and what is allowed."""
    if row is None:
        return "–"
    pagu, most, share = row["pagu"], row["most"], row["share"]
    assert isinstance(pagu, int) and isinstance(most, int) and isinstance(share, Fraction)
    allowed = Fraction(most, pagu) if pagu else Fraction(0)
    return f"{format_share(share, screen.lang)} / {format_share(allowed, screen.lang)}"


def _print_differences(screen: Screen, found: Comparison, letters: str) -> None:
    """What enters and leaves against the first plan."""
    table = found.differences
    for letter, name in zip(letters[1:], found.names[1:], strict=True):
        mine = table[table["plan"] == name]
        counts = mine["change"].value_counts()
        screen.head(
            "cli.compare.differences",
            plan=letter,
            count=len(mine),
            **{c: int(counts.get(c, 0)) for c in ("enter", "leave", "more", "less")},
        )
        rows = [
            [
                screen.say(f"compare.change.{row['change']}"),
                str(row["id"]),
                str(row["title"]),
                str(row["owner"]),
                f"{format_number(row['before'], screen.lang)} → "
                f"{format_number(row['after'], screen.lang)} {row['measure']}",
                screen.rupiah(row["cost_after"] - row["cost_before"], short=True),
            ]
            for row in mine.head(_SHOWN).to_dict("records")
        ]
        if rows:
            columns = ("change", "id", "title", "owner", "volume", "cost")
            screen.table([screen.say(f"compare.column.{c}") for c in columns], rows, right=(5,))
        screen.more(len(mine) - _SHOWN)


# --- figures in words ---------------------------------------------------------------------


def _number(screen: Screen, value: Fraction | int | None, places: int = 3) -> str:
    if value is None:
        return screen.say("compare.untold")
    return format_number(value, screen.lang, places)


def _rupiah(screen: Screen, value: Fraction | int | None) -> str:
    return screen.say("compare.untold") if value is None else screen.rupiah(round(value))


def _per_mille(screen: Screen, value: int | None) -> str:
    if value is None:
        return screen.say("compare.untold")
    return format_share(Fraction(value, 1000), screen.lang)


def _of(screen: Screen, part: int, whole: int) -> str:
    return f"{screen.number(part)} / {screen.number(whole)}"


_SHOW: dict[str, Callable[[Screen, Measures], str]] = {
    "support": lambda s, m: _number(s, m.support),
    "support_cost": lambda s, m: _rupiah(s, m.support_cost),
    "first_priorities": lambda s, m: _of(s, m.first_priorities, m.lists),
    "proposals": lambda s, m: _number(s, m.proposals),
    "joint_in": lambda s, m: _of(s, m.joint_in, m.joint),
    "families_served": lambda s, m: _of(s, m.families_served, m.families),
    "findings": lambda s, m: _number(s, m.findings),
    "letters": lambda s, m: _number(s, m.letters),
    "unknown": lambda s, m: _number(s, m.unknown),
    "least_rt": lambda s, m: _per_mille(s, m.least_rt),
    "least_rw": lambda s, m: _per_mille(s, m.least_rw),
    "inequality": lambda s, m: _number(s, m.inequality),
    "spent": lambda s, m: _rupiah(s, m.spent),
    "spent_per_family": lambda s, m: _rupiah(s, m.spent_per_family),
    "idle": lambda s, m: _rupiah(s, m.idle),
    "unassigned": lambda s, m: _rupiah(s, m.unassigned),
    "reserved": lambda s, m: _rupiah(s, m.reserved),
    "pool_unspent": lambda s, m: _rupiah(s, m.pool_unspent),
}
