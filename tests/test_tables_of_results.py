"""Every result × renderer × width × language: no name of a row, no cell, no figure is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from table_cases import PB, WIDTHS, never_lost, same_everywhere

from optimizer.compare import Comparison, compare
from optimizer.compare_tables import (
    difference_table,
    measure_table,
)
from optimizer.compare_tables import field_table as compared_field_table
from optimizer.elections import declared_rule, optimum, peer_table, selected_table, set_table
from optimizer.equity import frontier, frontier_table
from optimizer.files.pabulib import Election, read_pb
from optimizer.files.policies import list_policies, load_policy
from optimizer.files.scenarios import load_scenario
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.policy_tables import (
    bound_table,
    policy_table,
    rule_table,
)
from optimizer.record.policy_tables import (
    difference_table as policy_difference_table,
)
from optimizer.sheets.plan_files import plan_tables
from optimizer.sheets.plan_tables import (
    field_table,
    finding_table,
    pool_table,
    proposal_table,
    stage_table,
)
from optimizer.tables import Table
from optimizer.words import languages


@cache
def plan(name: str) -> Plan:
    return optimize(load_scenario(name))


@cache
def six() -> Comparison:
    first, other = plan("kaliombo-2023"), plan("kaliombo-2023-merata")
    return compare([first, other, first, other, first, other])


@cache
def election() -> Election:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "planted.pb"
        path.write_text(PB, "utf-8")
        return read_pb(path)


RESULTS: dict[str, Callable[[], Table]] = {
    "policy list": lambda: policy_table(list_policies()),
    "policy bounds": lambda: bound_table(load_policy("kediri-2022")),
    "policy rules": lambda: rule_table(load_policy("kediri-2022")),
    "policy diff": lambda: policy_difference_table(
        load_policy("kediri-2022"), load_policy("kediri-2024")
    ),
    "stages": lambda: stage_table(plan("kaliombo-2023-merata")),
    "fields": lambda: field_table(plan("kaliombo-2023")),
    "pools": lambda: pool_table(plan("kaliombo-2023")),
    "proposals": lambda: proposal_table(plan("kaliombo-2023")),
    "findings": lambda: finding_table(plan("kaliombo-2023").checks),
    "compare measures": lambda: measure_table(six()),
    "compare measures by letter": lambda: measure_table(six(), "ABCDEF"),
    "compare fields": lambda: compared_field_table(six()),
    "compare differences": lambda: difference_table(six(), six().names[1]).first(12),
    "elections": lambda: peer_table([election()]),
    "sets of an election": lambda: set_table(
        election(), optimum(election()), declared_rule(election())
    ),
    "projects of the best set": lambda: selected_table(election(), optimum(election())),
    "frontier": lambda: frontier_table(frontier(load_scenario("kaliombo-2023-dukungan")), "rw"),
}
RESULTS |= {
    f"plan {number}": lambda number=number: plan_tables(plan("kaliombo-2023"))[number].first(9)
    for number in range(3)
}


@cache
def result(name: str) -> Table:
    return RESULTS[name]()


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RESULTS)
def test_no_terminal_loses_a_name_or_a_cell(name, width, lang):
    assert len(result(name))
    never_lost(result(name), lang, width)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", RESULTS)
def test_figures_are_the_same_in_all_renderers(name, lang):
    same_everywhere(result(name), lang)
