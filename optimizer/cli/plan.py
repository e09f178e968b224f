"""``rembug plan``: from a scenario to a verified plan."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from optimizer.cli.plan_report import print_plan
from optimizer.cli.program import Program, UsageProblem, print_json
from optimizer.cli.screen import Screen, Waiting
from optimizer.errors import ScenarioError
from optimizer.files.scenarios import load_scenario, vary
from optimizer.planning import optimize
from optimizer.record.scenario import Scenario
from optimizer.scale import by_kelurahan, executor_for
from optimizer.sheets.plan_files import write_plan
from optimizer.words import Words

__all__ = ["register", "scenario_with"]

_SEPARATORS = (";", ",")


def scenario_with(path: str, changes: list[str], time_limit: float | None = None) -> Scenario:
    """A scenario file with some of its numbers changed (``PATH=VALUE``).

    Raises
    ------
    UsageProblem
        If a change cannot be read or names nothing in the scenario.
    """
    scenario = load_scenario(path)
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name.strip():
            raise UsageProblem("set_form", text=change)
        try:
            scenario = vary(scenario, name.strip(), value.strip())
        except ScenarioError as error:
            raise UsageProblem(error.code, **error.data) from error
    return scenario if time_limit is None else replace(scenario, time_limit=time_limit)


def register(app: Program) -> None:
    """Add the command."""

    @app.command("plan", help=app.told("cli.plan.help"))
    def plan(
        scenario: Annotated[str, app.argument("scenario")],
        *,
        out: Annotated[Path | None, app.option("--out")] = None,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
        separator: Annotated[str, app.option("--separator")] = ";",
        time_limit: Annotated[float | None, app.option("--time-limit")] = None,
        changes: Annotated[list[str] | None, app.option("--set")] = None,
        jobs: Annotated[int | None, app.jobs] = None,
        dask: Annotated[str | None, app.option("--dask")] = None,
    ) -> None:
        if separator not in _SEPARATORS:
            raise UsageProblem("separator", text=separator)
        if time_limit is not None and time_limit <= 0:
            raise UsageProblem("time_limit", text=time_limit)
        screen = Screen(words)
        asked = scenario_with(scenario, changes or [], time_limit)
        with (
            executor_for(jobs, dask) as executor,
            Waiting(screen.say("cli.plan.solving")) as waiting,
        ):
            found = optimize(asked, progress=waiting.report, solver=by_kelurahan(executor))
        files = write_plan(found, out, words=words, separator=separator) if out else ()
        if as_json:
            print_json(found.to_dict())
        else:
            print_plan(screen, found, files)
