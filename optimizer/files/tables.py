"""The only place that opens uploaded tables (CSV, XLSX): hostile until proven otherwise.

Everything is read into plain grids (:class:`Sheet`); what cannot be a table is refused with
the step that mends it. A sheet that may hold NIK or KK numbers is refused and nothing of it
is kept.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from optimizer.errors import Finding, InputRefused, Place, Severity
from optimizer.files.computed import refuse_torn
from optimizer.files.csv_text import read_csv
from optimizer.files.grid import (
    Sheet,
    Tables,
    Value,
    column_letter,
    holds_identity_number,
    refuse,
)
from optimizer.files.xlsx_in import MAX_COLUMNS, read_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Sheet",
    "Tables",
    "Value",
    "column_letter",
    "read_tables",
]

MAX_BYTES = 25 * 2**20
MAX_ROWS = 250_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "table_pdf"),
    (b"\x89PNG", "table_image"),
    (b"\xff\xd8\xff", "table_image"),
    (b"GIF8", "table_image"),
    (b"BM", "table_image"),
    (b"RIFF", "table_image"),
    (b"II*\x00", "table_image"),
    (b"MM\x00*", "table_image"),
    (b"{\\rtf", "table_document"),
    (b"Rar!", "table_archive"),
    (b"7z\xbc\xaf", "table_archive"),
    (b"\x1f\x8b", "table_archive"),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")


def read_tables(source: Path | bytes, name: str = "") -> Tables:
    """Read every sheet of a CSV or XLSX file.

    Parameters
    ----------
    source
        A path, or the bytes of an upload.
    name
        What messages call the file; default the path's last part.

    Raises
    ------
    InputRefused
        The file is no table, is damaged or dangerous, or no sheet may be kept.
    RembugError
        ``set_torn`` where it belongs to a computed set that is not whole.
    """
    name = name or (source.name if isinstance(source, Path) else "berkas")
    data = _bytes(source, name)
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n;,"):
        raise refuse("table_empty", name)
    kind = _refused_kind(data)
    if kind:
        raise refuse(kind, name)
    sheets = (
        read_xlsx(data, name, MAX_ROWS)
        if data.startswith(b"PK")
        else (read_csv(data, name, MAX_ROWS),)
    )
    return _accept(sheets, name)


def _bytes(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    else:
        if not source.is_file():
            raise refuse("table_missing", name)
        refuse_torn(source)
        size = source.stat().st_size
    if size > MAX_BYTES:
        raise refuse("table_too_big", name, limit=MAX_BYTES // 2**20)
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError as error:
        raise refuse("table_missing", name) from error


def _refused_kind(data: bytes) -> str:
    """Why this is no table that can be read; empty where it may be one."""
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        return "table_encrypted" if encrypted else "table_xls"
    if data.startswith(b"PK"):
        return _refused_archive(data)
    for magic, code in _MAGIC:
        if data.startswith(magic) and (magic != b"BM" or b"\0" in data[:64]):
            return code
    if data[4:8] == b"ftyp":
        return "table_image"
    start = data[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "table_markup" if start.startswith(_MARKUP) else ""


def _refused_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "table_broken"
    if "mimetype" in names and "content.xml" in names:
        return "table_ods"
    if "xl/workbook.bin" in names:
        return "table_xlsb"
    if any(n.startswith(("word/", "ppt/")) for n in names):
        return "table_document"
    return "" if any(n.startswith("xl/") for n in names) else "table_archive"


def _accept(sheets: tuple[Sheet, ...], name: str) -> Tables:
    """Keep the sheets that may be kept, and say which ones may not."""
    kept: list[Sheet] = []
    findings: list[Finding] = []
    refused: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        if any(len(row) > MAX_COLUMNS for row in sheet.rows):
            raise refuse("table_too_many_columns", name, Place(name, sheet.name), limit=MAX_COLUMNS)
        if _holds_identity_numbers(sheet):
            title = f"#{number}" if holds_identity_number(sheet.name) else sheet.name
            refused.append(title)
            findings.append(Finding("table_identity", Severity.ERROR, Place(name, title)))
        elif not sheet.empty or sheet.problems:
            kept.append(sheet)
    if not kept:
        raise InputRefused(findings, name) if findings else refuse("table_empty", name)
    # With other sheets to use, the refused one is left out and said, not the end of the work.
    softened = [Finding(f.code, Severity.WARNING, f.place) for f in findings]
    return Tables(name, tuple(kept), tuple(softened), tuple(refused))


def _holds_identity_numbers(sheet: Sheet) -> bool:
    return holds_identity_number(sheet.name) or any(
        holds_identity_number(value) for row in sheet.rows for value in row if value is not None
    )
