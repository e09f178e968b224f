"""``rembug compare``: plans beside each other, and the proposals in which they differ."""

from collections import Counter
from typing import Annotated

from optimizer.cli.program import Program, UsageProblem, print_json
from optimizer.cli.screen import Screen, Waiting
from optimizer.compare import Comparison, compare
from optimizer.compare_tables import difference_table, field_table, measure_table
from optimizer.errors import ScenarioError
from optimizer.files.scenarios import load_scenario
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.practice import RULES
from optimizer.record.scenario import Scenario
from optimizer.words import Words

__all__ = ["register"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHOWN = 60


def register(app: Program) -> None:
    """Add the command."""

    @app.command("compare", help=app.words.say("cli.compare.help"))
    def compare_(
        scenarios: Annotated[list[str], app.argument("scenarios")],
        *,
        rules: Annotated[bool, app.option("--rules")] = False,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        if len(scenarios) < 2 and not rules:
            raise UsageProblem("compare_one")
        if len(scenarios) + rules * len(RULES) > len(_LETTERS):
            raise UsageProblem("compare_many", most=len(_LETTERS))
        screen = Screen(words)
        asked = [load_scenario(s) for s in scenarios]
        refused: list[str] = []
        with Waiting(screen.say("cli.compare.solving")) as waiting:
            plans = [optimize(s, progress=waiting.report) for s in asked]
            names = [plan.scenario.name for plan in plans]
            for rule, plan in _practised(asked[0] if rules else None, words, refused):
                plans.append(plan)
                names.append(f"{screen.say(f'practice.{rule}')} ({asked[0].name})")
            found = compare(plans, names)
        if as_json:
            print_json({**found.to_dict(), "not_computed": refused})
        else:
            _print(screen, found, refused)


def _practised(
    scenario: Scenario | None, words: Words, refused: list[str]
) -> list[tuple[str, Plan]]:
    """The rules as practised; what the data cannot tell is said, not dropped."""
    plans = []
    for rule, find in RULES.items() if scenario is not None else ():
        assert scenario is not None
        try:
            plans.append((rule, find(scenario)))
        except ScenarioError as error:
            refused.append(error.message(words))
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
            if Words.has(note):
                screen.text(f"   {screen.say(note)}")
    for message in dict.fromkeys(refused):
        screen.text(message)
    screen.head("cli.compare.measures")
    screen.table(measure_table(found, letters))
    screen.head("cli.compare.fields")
    screen.table(field_table(found, letters))
    _print_differences(screen, found, letters)


def _print_differences(screen: Screen, found: Comparison, letters: str) -> None:
    """What enters and leaves against the first plan."""
    for letter, name in zip(letters[1:], found.names[1:], strict=True):
        table = difference_table(found, name)
        counts = Counter(row["change"] for row in table.records())
        screen.head(
            "cli.compare.differences",
            plan=letter,
            count=len(table),
            **{change: counts[change] for change in ("enter", "leave", "more", "less")},
        )
        if len(table):
            screen.table(table.first(_SHOWN))
        screen.more(len(table) - _SHOWN)
