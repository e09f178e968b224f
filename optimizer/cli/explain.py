"""``rembug explain``: why proposals are in a plan or not, and how full every account is."""

from typing import Annotated, Any

import typer

from optimizer.cli.plan import scenario_with
from optimizer.cli.plan_report import facts
from optimizer.cli.program import Program, UsageProblem, print_json
from optimizer.cli.screen import Screen, Waiting
from optimizer.explain import Card, Explainer, explain_accounts, explain_pagu
from optimizer.explain.record import account_record, card_record
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.territory import natural_key
from optimizer.words import Words

__all__ = ["register"]

SCHEMA = "rembug-explain/1"


def register(app: Program) -> None:
    """Add the command."""

    def option(name: str) -> Any:
        return typer.Option(name, help=app.told(f"cli.option.{name.lstrip('-')}"))

    @app.command("explain", help=app.told("cli.explain.help"))
    def explain(
        scenario: Annotated[str, app.argument("scenario")],
        ids: Annotated[list[str] | None, app.argument("ids")] = None,
        *,
        everything: Annotated[bool, option("--all")] = False,
        public: Annotated[bool, option("--public")] = False,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
        changes: Annotated[list[str] | None, app.option("--set")] = None,
    ) -> None:
        screen = Screen(words)
        asked = scenario_with(scenario, changes or [])
        if not ids and not everything:
            example = next((p.id for p in asked.dataset.proposals), "U-0001")
            raise UsageProblem("explain_nothing", example=example)
        with Waiting(screen.say("cli.explain.solving")) as waiting:
            plan = optimize(asked, progress=waiting.report)
        cards = _cards(screen, plan, None if everything else ids or [])
        units = [u.id for u in asked.dataset.territory.units] if everything else []
        if as_json:
            print_json(_record(plan, cards, units, screen.words, public=public))
        else:
            _print(screen, plan, cards, units, public=public)


def _cards(screen: Screen, plan: Plan, ids: list[str] | None) -> list[Card]:
    explainer = Explainer(plan)
    if ids is not None:
        return [explainer.card(id_) for id_ in dict.fromkeys(ids)]
    with Waiting(screen.say("cli.explain.explaining")) as waiting:
        return list(explainer.cards(waiting.report))


def _print(
    screen: Screen, plan: Plan, cards: list[Card], units: list[str], *, public: bool
) -> None:
    screen.line("cli.explain.title", name=plan.scenario.name)
    places = sorted({c.proposal.owner for c in cards} | set(units), key=natural_key)
    for place in places:
        screen.text()
        screen.text(place, style="bold")
        if place in units:
            screen.text(explain_pagu(plan, place).text(screen.words))
            for account in explain_accounts(plan, place):
                screen.text(account.text(screen.words))
        for card in cards:
            if card.proposal.owner == place:
                screen.text()
                screen.text(f"{card.id}  {card.text(screen.words, public=public)}")
    facts(screen, plan)


def _record(
    plan: Plan, cards: list[Card], units: list[str], words: Words, *, public: bool
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "title": "SIMULASI",
        "scenario": plan.scenario.name,
        "inputs_sha256": plan.inputs_sha256,
        "public": public,
        "proposals": [card_record(card, words, public=public) for card in cards],
        "accounts": [
            account_record(account, words)
            for unit in units
            for account in explain_accounts(plan, unit)
        ],
    }
