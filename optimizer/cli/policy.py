"""``rembug policy``: which rule sets there are, what one says, how two differ."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import typer

from optimizer.cli.program import Language, Program, print_json
from optimizer.cli.screen import Screen
from optimizer.files.policies import list_policies, load_policy
from optimizer.money import format_rupiah
from optimizer.record.policy import Account, Bound, ItemRule, Policy, Source
from optimizer.sheets.words import bound_amount
from optimizer.words import say

__all__ = ["register"]


def register(app: Program) -> None:
    """Add the commands."""
    group = typer.Typer(help=app.words("cli.policy.help"), no_args_is_help=True)
    group.callback()(app.options())
    app.add_typer(group, name="policy")

    @group.command("list", help=app.words("cli.policy.list.help"))
    def list_(
        *,
        as_json: Annotated[bool, app.as_json] = False,
        lang: Annotated[Language, app.language] = app.lang,
    ) -> None:
        policies = list_policies()
        if as_json:
            print_json([_identity(policy) for policy in policies])
            return
        screen = Screen(lang)
        rows = [
            (
                ", ".join((p.id, *p.aliases)),
                str(p.fiscal_year),
                p.regulation,
                p.reading[lang],
                p.name[lang],
            )
            for p in policies
        ]
        headings = ("id", "year", "regulation", "reading", "name")
        screen.table([screen.say(f"cli.policy.{c}") for c in headings], rows)

    @group.command("show", help=app.words("cli.policy.show.help"))
    def show(
        policy: Annotated[str, app.argument("policy")],
        *,
        as_json: Annotated[bool, app.as_json] = False,
        lang: Annotated[Language, app.language] = app.lang,
    ) -> None:
        shown = load_policy(policy)
        if as_json:
            print_json(_record(shown))
        else:
            _print(Screen(lang), shown)

    @group.command("diff", help=app.words("cli.policy.diff.help"))
    def diff(
        first: Annotated[str, app.argument("policy")],
        second: Annotated[str, app.argument("policy2")],
        *,
        as_json: Annotated[bool, app.as_json] = False,
        lang: Annotated[Language, app.language] = app.lang,
    ) -> None:
        one, other = load_policy(first), load_policy(second)
        changes = _differences(one, other, lang)
        if as_json:
            columns = ("what", one.id, other.id)
            print_json([dict(zip(columns, row, strict=True)) for row in changes])
            return
        screen = Screen(lang)
        if changes:
            screen.table([screen.say("cli.policy.what"), one.id, other.id], changes)
        else:
            screen.line("cli.policy.same")


# --- one policy -------------------------------------------------------------------------


def _print(screen: Screen, policy: Policy) -> None:
    lang = screen.lang
    screen.text(policy.name[lang], style="bold")
    screen.line(
        "cli.policy.head",
        regulation=policy.regulation,
        reading=policy.reading[lang],
        pagu=screen.rupiah(policy.pagu),
        unit=policy.unit_level.upper(),
    )
    if policy.note:
        screen.text(policy.note.get(lang) or policy.note["id"])
    rows = [row for account in policy.by_id.values() for row in _account_rows(account, lang)]
    screen.head("cli.policy.bounds")
    headings = ("account", "bound", "decided", "letter", "source")
    screen.table([screen.say(f"cli.policy.{c}") for c in headings], rows)
    if policy.rules:
        screen.head("cli.policy.rules")
        items = [
            (_rule_words(rule, lang), _letter(rule.letter, lang), _origin(rule.origin, lang))
            for rule in policy.rules
        ]
        columns = ("rule", "letter", "source")
        screen.table([screen.say(f"cli.policy.{c}") for c in columns], items)


def _account_rows(account: Account, lang: str) -> list[tuple[str, ...]]:
    """A row for each bound of an account; one that says so where it has none of its own."""
    name = "  " * account.id.count("/") + account.name[lang]
    decided = say(f"cli.decided.{account.decided_at}", lang) if account.is_leaf else ""
    if not account.bounds:
        return [(name, say("cli.policy.no_bound", lang), decided, "", "")]
    return [
        (name, _bound_words(b, lang), decided, _waiver(b, lang), _origin(b.origin, lang))
        for b in account.bounds
    ]


def _bound_words(bound: Bound, lang: str) -> str:
    amount = bound_amount(bound, lang) or say("cli.bound.unknown", lang)
    return say(f"cli.bound.{bound.side}", lang, amount=amount)


def _waiver(bound: Bound, lang: str) -> str:
    return _letter(bound.letter, lang) if bound.waivable else ""


def _letter(letter: str, lang: str) -> str:
    return say("cli.policy.letter_of", lang, letter=letter) if letter else ""


def _origin(origin: Source, lang: str) -> str:
    article = say("cli.policy.article", lang, article=origin.article)
    parts = [origin.source, article if origin.article not in {"", "-"} else ""]
    known = say(f"cli.certainty.{origin.certainty}", lang)
    return f"{', '.join(p for p in parts if p)} ({known})".strip()


def _rule_words(rule: ItemRule, lang: str) -> str:
    return (rule.text.get(lang) or rule.text["id"]) if rule.text else rule.id


# --- two policies -----------------------------------------------------------------------


def _differences(one: Policy, other: Policy, lang: str) -> list[tuple[str, str, str]]:
    """What is not the same in both: pagu, bounds of accounts, rules."""
    rows: list[tuple[str, str, str]] = []
    sides = [_statements(policy, lang) for policy in (one, other)]
    for what in dict.fromkeys([*sides[0], *sides[1]]):
        first, second = (side.get(what, "–") for side in sides)
        if first != second:
            rows.append((what, first, second))
    return rows


def _statements(policy: Policy, lang: str) -> Mapping[str, str]:
    """Everything that a policy rules, by what it is about."""
    said = {
        say("cli.policy.pagu", lang): format_rupiah(policy.pagu, lang),
        say("cli.policy.reading", lang): policy.reading[lang],
    }
    for account in policy.by_id.values():
        name = account.name[lang]
        bounds = ", ".join(_bound_words(b, lang) for b in account.bounds)
        said[name] = bounds or say("cli.policy.no_bound", lang)
        letters = sorted({b.letter for b in account.bounds if b.waivable and b.letter})
        if letters:
            said[say("cli.policy.letter_for", lang, name=name)] = ", ".join(letters)
    for rule in policy.rules:
        said[say("cli.policy.rule_for", lang, rule=rule.id)] = _rule_words(rule, lang)
    return said


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
