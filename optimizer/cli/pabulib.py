"""``rembug pabulib``: plan a real election from a ``.pb`` file."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from optimizer.cli.program import Program, print_json
from optimizer.cli.screen import Screen
from optimizer.elections import (
    Breach,
    DeclaredRule,
    Optimum,
    breaches,
    declared_rule,
    optimum,
    peer_table,
    real_winners,
    selected_table,
    set_table,
)
from optimizer.errors import RembugError
from optimizer.files.pabulib import Election, Number, read_pb
from optimizer.tables import Table
from optimizer.tables.to_data import to_rows
from optimizer.words import Words

__all__ = ["register"]

SCHEMA = "rembug-pabulib/1"
TABLE_SCHEMA = "rembug-pabulib-table/1"
_SHOWN = 15
_RULES = ("rule", "capped", "projects", "cost", "value", "broken", "over")


def register(app: Program) -> None:
    """Add the command."""

    @app.command("pabulib", help=app.told("cli.pabulib.help"))
    def pabulib(
        files: Annotated[list[Path], app.argument("pb")],
        *,
        table: Annotated[bool, app.option("--table")] = False,
        as_json: Annotated[bool, app.as_json] = False,
        time_limit: Annotated[float | None, app.option("--time-limit")] = None,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        for file in files:
            if not file.is_file():
                raise RembugError("file_missing", path=file)
        if table or len(files) > 1:
            elections = (read_pb(file) for file in files)
            _print_table(Screen(words), peer_table(elections, time_limit), as_json=as_json)
            return
        file = files[0]
        election = read_pb(file)
        best, rule = optimum(election, time_limit), declared_rule(election)
        if as_json:
            print_json(_record(file, election, best, rule, words))
        else:
            _print(Screen(words), file, election, best, rule)


def _json(value: Number | None) -> int | float | None:
    """A number as JSON writes it: whole where it is whole."""
    if value is None:
        return None
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)


def _breaches(found: list[Breach]) -> list[dict[str, Any]]:
    return [
        {
            "limit": b.limit,
            "category": b.category,
            "allowed": _json(b.allowed),
            "spent": _json(b.spent),
            "over": _json(b.over),
        }
        for b in found
    ]


def _record(
    file: Path, election: Election, best: Optimum, rule: DeclaredRule, words: Words
) -> dict[str, Any]:
    real = real_winners(election)
    return {
        "schema": SCHEMA,
        "file": file.name,
        "name": election.name,
        "outcome": best.outcome.value,
        "budget": _json(election.budget),
        "caps": {name: _json(cap) for name, cap in election.caps.items()},
        "measure": best.measure,
        "optimum": _json(best.value),
        "selected": list(best.selected),
        "cost": _json(best.cost),
        "breaches": _breaches(breaches(election, best.selected)),
        "declared_rule": {
            "rule": rule.rule,
            "order_by": rule.order_by,
            "skip": rule.skip,
            "threshold": _json(rule.threshold),
            "capped": rule.capped,
            "winners": None if rule.winners is None else list(rule.winners),
            "equals_real": rule.equals_real,
        },
        "real": None
        if real is None
        else {"winners": list(real), "breaches": _breaches(breaches(election, real))},
        "findings": [
            {"code": f.code, "severity": f.severity.value, "text": f.text(words)}
            for f in election.findings
        ],
    }


def _print(
    screen: Screen, file: Path, election: Election, best: Optimum, rule: DeclaredRule
) -> None:
    screen.text(election.name or file.name, style="bold")
    screen.line(
        "cli.pabulib.size",
        projects=len(election.projects),
        ballots=election.n_ballots,
        kind=election.vote_type.value,
        budget=_number(screen, election.budget),
    )
    for name, cap in election.caps.items():
        screen.line("cli.pabulib.cap", name=name, cap=_number(screen, cap))
    screen.head(f"cli.pabulib.{best.outcome.value}")
    screen.table(set_table(election, best, rule))
    if rule.equals_real is not None:
        screen.line("cli.pabulib.same" if rule.equals_real else "cli.pabulib.different")
    for breach in breaches(election, real_winners(election) or ()):
        screen.line(
            f"cli.pabulib.breach.{breach.limit}",
            category=breach.category,
            over=_number(screen, breach.over),
        )
    screen.head("cli.pabulib.selected")
    screen.table(selected_table(election, best).first(_SHOWN))
    screen.more(len(best.selected) - _SHOWN)
    for finding in election.findings:
        screen.text(f"- {finding.text(screen.words)}")


def _print_table(screen: Screen, found: Table, *, as_json: bool) -> None:
    """Rules beside each other, with the caps that each breaks."""
    if as_json:
        print_json({"schema": TABLE_SCHEMA, "rows": to_rows(found, screen.words)})
        return
    for election in dict.fromkeys(row["election"] for row in found.records()):
        screen.text(str(election), style="bold")
        mine = found.where(lambda row, name=election: row["election"] == name)  # type: ignore[misc]
        screen.table(mine.pick(*_RULES))
    screen.line("cli.pabulib.table.note")


def _number(screen: Screen, value: Number) -> str:
    return screen.words.number(value, 2)
