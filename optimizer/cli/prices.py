"""``rembug prices``: what each rule costs, and what one more million in a field changes."""

from typing import Annotated

import typer

from optimizer.cli.plan import scenario_with
from optimizer.cli.program import Program, print_json
from optimizer.cli.screen import Screen, Waiting
from optimizer.cli.whatif_report import print_field_prices, print_foot, print_head, print_rules
from optimizer.cli.whatif_tables import plain_rows
from optimizer.whatif.prices_of_rules import field_prices, prices_of_rules, rules_of
from optimizer.words import Words

__all__ = ["register"]

SCHEMA = "rembug-prices/1"
MILLION = 10**6
STOPPED = 130


def register(app: Program) -> None:
    """Add the command."""

    @app.command("prices", help=app.told("cli.prices.help"))
    def prices(
        scenario: Annotated[str, app.argument("scenario")],
        *,
        changes: Annotated[list[str] | None, app.option("--set")] = None,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        screen = Screen(words)
        asked = scenario_with(scenario, changes or [])
        with Waiting(screen.say("cli.whatif.solving")) as waiting:
            rules = prices_of_rules(asked, progress=waiting.report)
            money = field_prices(asked, amount=MILLION)
        complete = len(rules) == sum(1 for _ in rules_of(asked.policy))
        if as_json:
            print_json(
                {
                    "schema": SCHEMA,
                    "title": "SIMULASI",
                    "scenario": asked.name,
                    "inputs_sha256": asked.sha256(),
                    "complete": complete,
                    "rules": plain_rows(rules),
                    "fields": plain_rows(money),
                }
            )
        else:
            print_head(screen, asked)
            print_rules(screen, rules)
            print_field_prices(screen, money, MILLION)
            print_foot(screen, asked, (), complete=complete)
        if not complete:
            raise typer.Exit(STOPPED)
