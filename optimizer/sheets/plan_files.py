"""The files of a plan: ``plan.json``, ``rancangan``, ``alokasi`` and ``kontribusi``.

All of it is computed and says so (SIMULASI). The same scenario gives the same bytes, whatever
the order of input rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from optimizer.explain.reasons import Reason, Reasons
from optimizer.files.computed import write_set
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal, Status
from optimizer.tables import Cell, Table, Volume, plain
from optimizer.tables.to_csv import to_csv
from optimizer.tables.to_xlsx import to_xlsx
from optimizer.territory import natural_key, rt_rw
from optimizer.words import INDONESIAN, Message, Words

__all__ = ["plan_tables", "write_plan"]

_DRAFT = (
    "No", "RT/RW", "Bidang", "Uraian Kegiatan", "Volume", "Rencana Biaya (Rp)", "Keterangan",
    "Kelurahan", "ID Usulan", "Prioritas", "Masuk?", "Alasan", "Volume Diminta",
    "Biaya Diminta (Rp)",
)  # fmt: skip
_CONTRIBUTIONS = (
    "Kelurahan", "RT/RW", "ID Usulan", "Uraian Kegiatan", "Bidang", "Penempatan", "Iuran (Rp)",
    "Sifat",
)  # fmt: skip
_MARK = "SIMULASI"


def write_plan(
    plan: Plan, folder: Path | str, *, words: Words = INDONESIAN, separator: str = ";"
) -> tuple[Path, ...]:
    """Write all files of a plan into a folder; those of an earlier run there are replaced.

    Parameters
    ----------
    lang
        Language of reasons and titles; headings are the official Indonesian ones.
    separator
        Of the CSV files, ``;`` or ``,``.

    Raises
    ------
    RembugError
        See :func:`optimizer.files.computed.write_set`.
    """
    tables = plan_tables(plan)
    record = json.dumps(plan.to_dict(), ensure_ascii=False, indent=2) + "\n"
    contents = {
        "plan.json": record.encode(),
        **{f"{table.name}.csv": to_csv(table, words, separator) for table in tables},
        "rancangan.xlsx": to_xlsx(tables, words),
    }
    return write_set(folder, "plan", contents.items())


# --- tables -----------------------------------------------------------------------------


def plan_tables(plan: Plan) -> tuple[Table, ...]:
    """The proposals of a plan, its money, and who pays for what is shared."""
    return _draft(plan), _allocations(plan), _contributions(plan)


def _draft(plan: Plan) -> Table:
    """Every proposal in the columns of the official recap, in or out, with the reason.

    The first seven columns hold what the plan pays for: 0 for a proposal that is out.
    """
    dataset, reasons = plan.scenario.dataset, Reasons(plan)
    lists: dict[str, list[Proposal]] = {owner: list(p) for owner, p in dataset.lists.items()}
    for proposal in dataset.proposals:
        if proposal.status is Status.EXCLUDED:
            lists.setdefault(proposal.owner, []).append(proposal)
    ordered = [p for owner in sorted(lists, key=natural_key) for p in lists[owner]]
    rows = tuple(
        (number, *_draft_row(plan, proposal, reasons.of(proposal)))
        for number, proposal in enumerate(ordered, start=1)
    )
    return Table("rancangan", plain(_DRAFT), rows, _title(plan))


def _draft_row(plan: Plan, proposal: Proposal, reason: Reason) -> tuple[Cell, ...]:
    account = plan.account(proposal)
    volume = plan.volumes.get(proposal.id)
    return (
        "Bersama" if account is not None and account.pooled else rt_rw(proposal.owner),
        account.name["id"] if account is not None else proposal.field,
        proposal.title,
        Volume(volume, proposal.measure) if volume else "0",
        plan.cost(proposal),
        proposal.booking,
        proposal.owner.split("/")[0],
        proposal.id,
        proposal.rank,
        Message("plan.in" if volume else "plan.out"),
        reason.text,
        Volume(proposal.volume, proposal.measure),
        proposal.full_cost,
    )


def _title(plan: Plan) -> tuple[Cell, ...]:
    scenario = plan.scenario
    of: dict[str, Cell] = {
        "scenario": scenario.name,
        "policy": scenario.policy.name,
        "reading": scenario.policy.reading,
        "sha": plan.inputs_sha256[:12],
    }
    lines = [Message("plan.simulation"), Message("plan.title", of)]
    if scenario.dataset.meta.made_up_notice:
        lines.append(Message("plan.made_up"))
    return tuple(lines)


def _allocations(plan: Plan) -> Table:
    """RT × account in whole rupiah: for activities, held for a minimum, and sisa pagu.

    The numbers of a row add up to its pagu.
    """
    leaves = plan.scenario.policy.leaves
    nodes = plan.problem.tree.leaves
    rows: list[tuple[Cell, ...]] = []
    for unit in plan.scenario.dataset.territory.units:
        spent, reserved = plan.money[unit.id]
        rows.append(
            (
                unit.kelurahan,
                rt_rw(unit.id),
                unit.budget,
                *(spent[node] for node in nodes),
                *(reserved[node] for node in nodes),
                plan.unassigned[unit.id],
                *(plan.fields.money[unit.id][leaf.id] for leaf in leaves),
                _MARK,
            )
        )
    headings = (
        "Kelurahan",
        "RT/RW",
        "Pagu (Rp)",
        *(f"{leaf.name['id']} (Rp)" for leaf in leaves),
        *(f"Dicadangkan: {leaf.name['id']} (Rp)" for leaf in leaves),
        "Sisa pagu (Rp)",
        *(f"Amplop: {leaf.name['id']} (Rp)" for leaf in leaves),
        "Sifat",
    )
    return Table("alokasi", plain(headings), tuple(rows))


def _contributions(plan: Plan) -> Table:
    """Who pays how much for what several RT pay together: pool shares, shared proposals."""
    problem, names = plan.problem, _account_names(plan)
    rows: list[tuple[Cell, ...]] = [
        (
            room.kelurahan,
            rt_rw(room.id),
            "",
            Message("plan.pool_share"),
            names[problem.tree.ids[node]],
            "Kelurahan",
            room.given[node],
            _MARK,
        )
        for room in problem.units
        for node in sorted(problem.tree.pooled)
    ]
    for proposal in plan.chosen:
        parts = plan.contributions(proposal)
        if len(parts) < 2:
            continue
        account = plan.account(proposal)
        for unit in sorted(parts, key=natural_key):
            rows.append(
                (
                    unit.split("/")[0],
                    rt_rw(unit),
                    proposal.id,
                    proposal.title,
                    account.name["id"] if account is not None else proposal.field,
                    proposal.booking,
                    parts[unit],
                    _MARK,
                )
            )
    return Table("kontribusi", plain(_CONTRIBUTIONS), tuple(rows))


def _account_names(plan: Plan) -> Mapping[str, str]:
    return {a.id: a.name["id"] for a in plan.scenario.policy.by_id.values()}
