"""All sheets of a report, written into a folder: each as XLSX and as one HTML for A4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.checking import Report
from optimizer.files.recap import RECAP_HEADINGS
from optimizer.files.recap_dataset import dataset_recap
from optimizer.sheets.advice_sheets import cut_sheet, idle_sheet, overlap_sheet
from optimizer.sheets.board import boards
from optimizer.sheets.check_sheet import check_sheet
from optimizer.sheets.context import Context, file_part
from optimizer.sheets.html import render_html
from optimizer.sheets.layout import Document
from optimizer.sheets.official import district_recap, joint_minutes, kelurahan_recap, minutes
from optimizer.sheets.shared import document_matrix, shared_sheet
from optimizer.sheets.whatsapp import whatsapp_text
from optimizer.sheets.xlsx import render_xlsx
from optimizer.tables.to_csv import write_csv
from optimizer.words import INDONESIAN, Words

__all__ = ["Options", "check_files", "sheet_files"]


@dataclass(frozen=True, slots=True)
class Options:
    """How sheets are made.

    Attributes
    ----------
    final : bool
        What was recorded is final: no KONSEP on minutes and recaps.
    cut : Fraction, int or None
        A fall of the pagu (a share, or rupiah per RT) for which the cut list is made.
    """

    words: Words = INDONESIAN
    final: bool = False
    cut: Fraction | int | None = None


def contexts(report: Report, options: Options) -> list[Context]:
    """One context for each kelurahan."""
    names = report.opened.dataset.territory.kelurahan
    return [Context(report, name, options.words, options.final) for name in names]


def sheet_files(report: Report, options: Options | None = None) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file; kelurahan in folders of their own where there are several."""
    options = options or Options()
    found = contexts(report, options)
    folders = _folders(found)
    for context in found:
        folder = folders[context.kelurahan]
        for document in _documents(context, options):
            yield from _both(folder, document, options.words)
        rows = dataset_recap(report.opened.dataset, kelurahan=context.kelurahan)
        yield f"{folder}rekap.csv", write_csv(rows, RECAP_HEADINGS)
        yield from _texts(folder, context)
    for name, members in _districts(found).items():
        document = district_recap(members)
        prefix = f"{file_part(name)}-" if len(_districts(found)) > 1 else ""
        yield from _both("", document, options.words, prefix)


def check_files(report: Report, options: Options | None = None) -> Iterator[tuple[str, bytes]]:
    """Only the check sheet and the WhatsApp texts."""
    options = options or Options()
    found = contexts(report, options)
    folders = _folders(found)
    for context in found:
        folder = folders[context.kelurahan]
        yield from _both(folder, check_sheet(context), options.words)
        yield from _texts(folder, context)


def _documents(context: Context, options: Options) -> Iterator[Document]:
    yield check_sheet(context)
    yield minutes(context)
    yield joint_minutes(context)
    yield kelurahan_recap(context)
    yield shared_sheet(context)
    yield document_matrix(context)
    yield overlap_sheet(context)
    yield idle_sheet(context)
    yield boards(context)
    if options.cut is not None:
        yield cut_sheet(context, options.cut)


def _both(
    folder: str, document: Document, words: Words, prefix: str = ""
) -> Iterator[tuple[str, bytes]]:
    yield f"{folder}{prefix}{document.file}.html", render_html(document, words).encode()
    yield f"{folder}{prefix}{document.file}.xlsx", render_xlsx(document, words)


def _texts(folder: str, context: Context) -> Iterator[tuple[str, bytes]]:
    names: set[str] = set()
    for unit in context.units:
        _, rw, rt = (*unit.id.split("/"), "", "")[:3]
        name = "-".join(("rt", file_part(rt), "rw", file_part(rw))) if rt else file_part(unit.id)
        while name in names:
            name += "-2"
        names.add(name)
        yield f"{folder}whatsapp/{name}.txt", whatsapp_text(context, unit.id).encode()


def _folders(found: list[Context]) -> Mapping[str, str]:
    """A folder for each kelurahan, none for a single one; no path ever comes from data."""
    if len(found) == 1:
        return {found[0].kelurahan: ""}
    folders: dict[str, str] = {}
    for context in found:
        name = f"kelurahan-{file_part(context.kelurahan)}"
        while f"{name}/" in folders.values():
            name += "-2"
        folders[context.kelurahan] = f"{name}/"
    return folders


def _districts(found: list[Context]) -> Mapping[str, list[Context]]:
    members: dict[str, list[Context]] = {}
    for context in found:
        members.setdefault(context.kecamatan, []).append(context)
    return members
