"""``rembug whatif``: numbers of a scenario varied, and what that changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from optimizer.cli.plan import scenario_with
from optimizer.cli.program import Program, UsageProblem, print_json
from optimizer.cli.screen import Screen, Waiting
from optimizer.cli.whatif_report import (
    print_foot,
    print_head,
    print_near,
    print_price_limit,
    print_rules,
    print_stability,
    print_sweep,
    print_tornado,
)
from optimizer.cli.whatif_tables import plain_rows, write_tables
from optimizer.errors import ScenarioError
from optimizer.money import parse_share
from optimizer.planning import optimize
from optimizer.record.scenario import Scenario
from optimizer.scale import Executor, executor_for
from optimizer.whatif.near import near_optimal
from optimizer.whatif.price_limit import price_limit
from optimizer.whatif.prices_of_rules import prices_of_rules, rules_of
from optimizer.whatif.stability import stability
from optimizer.whatif.sweep import Sweep, grid, sweep
from optimizer.whatif.tornado import default_levers, tornado
from optimizer.whatif.vary import parse_vary
from optimizer.words import Words, languages

__all__ = ["register"]

SCHEMA = "rembug-whatif/1"
STOPPED = 130
_USAGE = frozenset(
    {"vary_form", "vary_points", "vary_twice", "unknown_path", "unknown_measure", "no_evenness"}
)


@dataclass
class _Asked:
    """What was asked for, and what came of it."""

    scenario: Scenario
    screen: Screen
    report: Callable[[int, int], None]
    executor: Executor
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    show: list[Callable[[], None]] = field(default_factory=list)
    complete: bool = True

    def vary(self, texts: list[str]) -> None:
        if len(texts) > 2:
            raise UsageProblem("vary_too_many")
        asked = [parse_vary(text) for text in texts]
        path, values = asked[0]
        spread = self.executor.map
        if len(asked) == 1:
            found = sweep(self.scenario, path, values, progress=self.report, executor=spread)
        else:
            found = grid(
                self.scenario, path, values, *asked[1], progress=self.report, executor=spread
            )
        self._keep("sweep", found.frame(self.screen.words.lang))
        self._keep("steps", found.steps)
        self.record["sweep"] = _sweep_record(found, self.screen.words.lang)
        self.complete &= found.complete
        self.show.append(lambda: print_sweep(self.screen, found))

    def tornado(self, measure: str | None) -> None:
        found = tornado(
            self.scenario, measure=measure, progress=self.report, executor=self.executor.map
        )
        self._keep("tornado", found)
        self.complete &= len(found) == len(default_levers(self.scenario))
        self.record["tornado"] = plain_rows(found)
        self.show.append(lambda: print_tornado(self.screen, found))

    def rules(self) -> None:
        found = prices_of_rules(self.scenario, progress=self.report, executor=self.executor.map)
        self._keep("rules", found)
        self.complete &= len(found) == sum(1 for _ in rules_of(self.scenario.policy))
        self.record["rules"] = plain_rows(found)
        self.show.append(lambda: print_rules(self.screen, found))

    def stability(self, resamples: int, seed: int, attendance: Fraction) -> None:
        found = stability(
            self.scenario,
            resamples,
            seed,
            attendance=attendance,
            progress=self.report,
            executor=self.executor.map,
        )
        self._keep("stability", found.table)
        self.record["stability"] = {
            "seed": seed,
            "attendance": float(attendance),
            "asked": found.asked,
            "draws": found.draws,
            "proposals": plain_rows(found.table),
        }
        self.complete &= found.draws == found.asked
        self.show.append(lambda: print_stability(self.screen, found))

    def near(self, epsilon: Fraction) -> None:
        found = near_optimal(optimize(self.scenario), epsilon, progress=self.report)
        self._keep("near", found.table)
        self.record["near"] = {
            "stage": found.stage,
            "epsilon": float(epsilon),
            "optimum": found.optimum,
            "proposals": plain_rows(found.table),
        }
        self.show.append(lambda: print_near(self.screen, found))

    def price_limit(self) -> None:
        found = price_limit(optimize(self.scenario))
        self.record["price_limit"] = {
            "rise": None if found.rise is None else float(found.rise),
            "breaks": [
                {"place": place, **{lang: Words(lang).tell(said) for lang in languages()}}
                for place, said in found.breaks
            ],
        }
        self.show.append(lambda: print_price_limit(self.screen, found))

    def _keep(self, name: str, table: pd.DataFrame) -> None:
        self.tables[name] = table


def register(app: Program) -> None:
    """Add the command."""

    def option(name: str) -> Any:
        return typer.Option(name, help=app.told(f"cli.whatif.{name.lstrip('-')}"))

    @app.command("whatif", help=app.told("cli.whatif.help"))
    def whatif(
        scenario: Annotated[str, app.argument("scenario")],
        *,
        vary: Annotated[list[str] | None, option("--vary")] = None,
        levers: Annotated[bool, option("--tornado")] = False,
        measure: Annotated[str | None, option("--measure")] = None,
        rules: Annotated[bool, option("--rules")] = False,
        rise: Annotated[bool, option("--price-limit")] = False,
        resamples: Annotated[int | None, option("--stability")] = None,
        seed: Annotated[int, option("--seed")] = 1,
        attendance: Annotated[str, option("--attendance")] = "1",
        near: Annotated[str | None, option("--near")] = None,
        changes: Annotated[list[str] | None, app.option("--set")] = None,
        out: Annotated[Path | None, app.option("--out")] = None,
        separator: Annotated[str, app.option("--separator")] = ";",
        jobs: Annotated[int | None, app.jobs] = None,
        dask: Annotated[str | None, app.option("--dask")] = None,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        if separator not in {";", ","}:
            raise UsageProblem("separator", text=separator)
        screen = Screen(words)
        shares = {"near": _share("near", near), "attendance": _share("attendance", attendance)}
        asked_for = scenario_with(scenario, changes or [])
        with (
            executor_for(jobs, dask) as executor,
            Waiting(screen.say("cli.whatif.solving")) as waiting,
        ):
            asked = _Asked(asked_for, screen, waiting.report, executor)
            try:
                if vary:
                    asked.vary(vary)
                if rules:
                    asked.rules()
                if rise:
                    asked.price_limit()
                if resamples is not None:
                    asked.stability(resamples, seed, shares["attendance"] or Fraction(1))
                if shares["near"] is not None:
                    asked.near(shares["near"])
                if levers or not asked.record:
                    asked.tornado(measure)
            except ScenarioError as error:
                if error.code in _USAGE:
                    raise UsageProblem(error.code, **error.data) from error
                raise
        files = write_tables(asked.tables, out, separator) if out else ()
        if as_json:
            print_json(_document(asked))
        else:
            print_head(screen, asked_for)
            for show in asked.show:
                show()
            print_foot(screen, asked_for, files, complete=asked.complete)
        if not asked.complete:
            raise typer.Exit(STOPPED)


def _share(path: str, text: str | None) -> Fraction | None:
    """A share such as ``0.01`` or ``1%``."""
    if text is None:
        return None
    try:
        if text.endswith("%"):
            return parse_share(text[:-1]) / 100
        return parse_share(text)
    except (ArithmeticError, ValueError) as error:
        raise UsageProblem(
            "value_out_of_range", path=path, value=text, expected="0–1, 1%"
        ) from error


def _sweep_record(found: Sweep, lang: str) -> dict[str, Any]:
    return {
        "paths": list(found.paths),
        "asked": found.asked,
        "base": {"outcome": found.base.outcome, **found.base.measures},
        "points": plain_rows(found.frame(lang)),
        "steps": plain_rows(found.steps),
    }


def _document(asked: _Asked) -> dict[str, Any]:
    scenario = asked.scenario
    return {
        "schema": SCHEMA,
        "title": "SIMULASI",
        "scenario": scenario.name,
        "policy": scenario.policy.id,
        "reading": scenario.policy.reading["id"],
        "inputs_sha256": scenario.sha256(),
        "complete": asked.complete,
        **asked.record,
        "made_up": list(scenario.dataset.meta.made_up.get("id", ())),
    }
