"""The files of a plan: ``plan.json``, ``rancangan``, ``alokasi`` and ``kontribusi``.

All of it is computed and says so (SIMULASI). The same scenario gives the same bytes, whatever
the order of input rows.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from optimizer.errors import RembugError
from optimizer.explain.reasons import Reasons
from optimizer.files.datasets_out import new_workbook
from optimizer.files.tables import safe_cell, write_csv
from optimizer.money import format_number
from optimizer.phrases import say
from optimizer.plan import Plan
from optimizer.proposals import Proposal, Status
from optimizer.territory import natural_key

__all__ = ["Table", "allocation_table", "contribution_table", "draft_table", "rt_rw", "write_plan"]

Cell = str | int | None

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
_WIDTHS = {"Uraian Kegiatan": 42, "Alasan": 60, "Bidang": 22, "Keterangan": 20, "Kelurahan": 20}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, with lines of title above them (none where a program reads it)."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: tuple[str, ...] = ()

    def csv(self, separator: str = ";") -> bytes:
        """As CSV: UTF-8 with BOM; title lines are as wide as the table."""
        if not self.title:
            return write_csv(self.rows, self.headings, separator)
        padding = ("",) * (len(self.headings) - 1)
        first, *others = self.title
        above: list[Sequence[Cell]] = [(line, *padding) for line in others]
        return write_csv([*above, self.headings, *self.rows], (first, *padding), separator)


def write_plan(
    plan: Plan, folder: Path | str, *, lang: str = "id", separator: str = ";"
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
        ``output_folder`` if the folder cannot be written to.
    """
    folder = Path(folder)
    tables = (
        draft_table(plan, lang),
        allocation_table(plan, lang),
        contribution_table(plan, lang),
    )
    record = json.dumps(plan.to_dict(), ensure_ascii=False, indent=2) + "\n"
    contents = {
        "plan.json": record.encode(),
        **{f"{table.name}.csv": table.csv(separator) for table in tables},
        "rancangan.xlsx": workbook(tables),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise RembugError("output_folder", folder=folder, problem=error.strerror) from error
    return tuple(folder / name for name in contents)


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as one XLSX, a sheet each; the same bytes every time."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        rupiah = book.add_format({"num_format": "#,##0"})
        for table in tables:
            page = book.add_worksheet(table.name)
            for number, line in enumerate(table.title):
                page.write_string(number, 0, line, bold)
            top = len(table.title)
            for column, heading in enumerate(table.headings):
                page.write_string(top, column, heading, bold)
                page.set_column(column, column, _WIDTHS.get(heading, max(10, len(heading) + 2)))
            page.freeze_panes(top + 1, 0)
            for number, row in enumerate(table.rows, start=top + 1):
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        page.write_number(number, column, value, rupiah)
                    elif value:
                        page.write_string(number, column, safe_cell(value), text)
    return out.getvalue()


# --- tables -----------------------------------------------------------------------------


def rt_rw(node: str) -> str:
    """A place in the column RT/RW, in the official order: ``05/03`` is RT 05 in RW 03.

    Examples
    --------
    >>> rt_rw("Kaliombo/03/05"), rt_rw("Kaliombo/03"), rt_rw("Kaliombo")
    ('05/03', 'RW 03', 'Kelurahan')
    """
    _, *numbers = node.split("/")
    if not numbers:
        return "Kelurahan"
    return "/".join(reversed(numbers)) if len(numbers) > 1 else f"RW {numbers[0]}"


def draft_table(plan: Plan, lang: str = "id") -> Table:
    """Every proposal in the columns of the official recap, in or out, with the reason.

    The first seven columns hold what the plan pays for: 0 for a proposal that is out.
    """
    dataset, reasons = plan.scenario.dataset, Reasons(plan)
    lists: dict[str, list[Proposal]] = {owner: list(p) for owner, p in dataset.lists.items()}
    for proposal in dataset.proposals:
        if proposal.status is Status.EXCLUDED:
            lists.setdefault(proposal.owner, []).append(proposal)
    ordered = [p for owner in sorted(lists, key=natural_key) for p in lists[owner]]
    rows = (
        (number, *_draft_row(plan, proposal, reasons, lang))
        for number, proposal in enumerate(ordered, start=1)
    )
    return Table("rancangan", _DRAFT, tuple(rows), _title(plan, lang))


def _draft_row(plan: Plan, proposal: Proposal, reasons: Reasons, lang: str) -> tuple[Cell, ...]:
    account = plan.account(proposal)
    volume = plan.volumes.get(proposal.id)
    inside = say("plan.in" if volume else "plan.out", lang)
    return (
        "Bersama" if account is not None and account.pooled else rt_rw(proposal.owner),
        account.name["id"] if account is not None else proposal.field,
        proposal.title,
        f"{format_number(volume)} {proposal.measure}".strip() if volume else "0",
        plan.cost(proposal),
        proposal.booking,
        proposal.owner.split("/")[0],
        proposal.id,
        proposal.rank,
        inside,
        reasons.of(proposal).text(lang),
        f"{format_number(proposal.volume)} {proposal.measure}".strip(),
        proposal.full_cost,
    )


def _title(plan: Plan, lang: str) -> tuple[str, ...]:
    scenario = plan.scenario
    lines = [
        say("plan.simulation", lang),
        say(
            "plan.title",
            lang,
            scenario=scenario.name,
            policy=scenario.policy.name[lang],
            reading=scenario.policy.reading[lang],
            sha=plan.inputs_sha256[:12],
        ),
    ]
    if scenario.dataset.meta.made_up_notice:
        lines.append(say("plan.made_up", lang))
    return tuple(lines)


def allocation_table(plan: Plan, lang: str = "id") -> Table:
    """RT × account in whole rupiah: for activities, held for a minimum, and sisa pagu.

    The numbers of a row add up to its pagu.
    """
    del lang  # its headings are the official ones, and it holds no sentences
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
        "Sifat",
    )
    return Table("alokasi", headings, tuple(rows))


def contribution_table(plan: Plan, lang: str = "id") -> Table:
    """Who pays how much for what several RT pay together: pool shares, shared proposals."""
    problem, names = plan.problem, _account_names(plan)
    rows: list[tuple[Cell, ...]] = [
        (
            room.kelurahan,
            rt_rw(room.id),
            "",
            say("plan.pool_share", lang),
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
    return Table("kontribusi", _CONTRIBUTIONS, tuple(rows))


def _account_names(plan: Plan) -> Mapping[str, str]:
    return {a.id: a.name["id"] for a in plan.scenario.policy.by_id.values()}
