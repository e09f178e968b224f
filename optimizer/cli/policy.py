"""``rembug policy``: which rule sets there are, what one says, how two differ."""

from fractions import Fraction
from typing import Annotated, Any

import typer

from optimizer.cli.program import Program, print_json
from optimizer.cli.screen import Screen
from optimizer.files.policies import list_policies, load_policy
from optimizer.record.policy import Policy, Source
from optimizer.record.policy_tables import (
    bound_table,
    difference_table,
    policy_table,
    rule_table,
)
from optimizer.tables.to_data import to_rows
from optimizer.words import Words

__all__ = ["register"]


def register(app: Program) -> None:
    """Add the commands."""
    group = typer.Typer(help=app.told("cli.policy.help"), no_args_is_help=True)
    group.callback()(app.options())
    app.add_typer(group, name="policy")

    @group.command("list", help=app.told("cli.policy.list.help"))
    def list_(
        *,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        policies = list_policies()
        if as_json:
            print_json([_identity(policy) for policy in policies])
            return
        Screen(words).table(policy_table(policies))

    @group.command("show", help=app.told("cli.policy.show.help"))
    def show(
        policy: Annotated[str, app.argument("policy")],
        *,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        shown = load_policy(policy)
        if as_json:
            print_json(_record(shown))
        else:
            _print(Screen(words), shown)

    @group.command("diff", help=app.told("cli.policy.diff.help"))
    def diff(
        first: Annotated[str, app.argument("policy")],
        second: Annotated[str, app.argument("policy2")],
        *,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        changes = difference_table(load_policy(first), load_policy(second))
        if as_json:
            print_json(to_rows(changes, words))
        elif changes.rows:
            Screen(words).table(changes)
        else:
            Screen(words).line("cli.policy.same")


def _print(screen: Screen, policy: Policy) -> None:
    words = screen.words
    screen.text(words.pick(policy.name), style="bold")
    screen.line(
        "cli.policy.head",
        regulation=policy.regulation,
        reading=words.pick(policy.reading),
        pagu=screen.rupiah(policy.pagu),
        unit=policy.unit_level.upper(),
    )
    if policy.note:
        screen.text(words.pick(policy.note))
    screen.head("cli.policy.bounds")
    screen.table(bound_table(policy))
    if policy.rules:
        screen.head("cli.policy.rules")
        screen.table(rule_table(policy))


# --- as data ----------------------------------------------------------------------------


def _identity(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "aliases": list(policy.aliases),
        "name": dict(policy.name),
        "fiscal_year": policy.fiscal_year,
        "regulation": policy.regulation,
        "reading": dict(policy.reading),
    }


def _record(policy: Policy) -> dict[str, Any]:
    return {
        **_identity(policy),
        "pagu": policy.pagu,
        "unit_level": policy.unit_level,
        "note": dict(policy.note) if policy.note else None,
        "accounts": [
            {
                "id": account.id,
                "name": dict(account.name),
                "decided_at": account.decided_at,
                "field": account.field,
                "bounds": [
                    {
                        "side": bound.side,
                        "share": None if bound.share is None else float(bound.share),
                        "rupiah": bound.rupiah,
                        "waivable": bound.waivable,
                        "letter": bound.letter,
                        **_origin_record(bound.origin),
                    }
                    for bound in account.bounds
                ],
            }
            for account in policy.by_id.values()
        ],
        "rules": [
            {
                "id": rule.id,
                "kind": rule.kind.value,
                "activities": list(rule.activities),
                "min": _limit(rule.minimum),
                "max": _limit(rule.maximum),
                "per": rule.per,
                "letter": rule.letter,
                "text": dict(rule.text) if rule.text else None,
                **_origin_record(rule.origin),
            }
            for rule in policy.rules
        ],
    }


def _limit(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _origin_record(origin: Source) -> dict[str, str]:
    return {
        "source": origin.source,
        "article": origin.article,
        "certainty": origin.certainty.value,
    }
