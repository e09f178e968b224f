"""Recaps as offices lay them out: proposals and a style in, an XLSX or CSV file out."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, field, replace

import xlsxwriter

FIELD_NAMES = {
    "infrastruktur": "Infrastruktur", "kesehatan": "Kesehatan", "sosial_budaya": "Sosial Budaya",
    "ekonomi": "Ekonomi", "pendidikan": "Pendidikan", "kepemudaan": "Kepemudaan",
    "biaya_umum": "Biaya Umum",
}  # fmt: skip
SHORT_NAMES = {**FIELD_NAMES, "infrastruktur": "INFRA", "sosial_budaya": "Sosbud"}


@dataclass(frozen=True)
class Line:
    """One proposal; ``rt`` and ``rw`` empty for a joint one. Cells hold what is written."""

    rt: str
    rw: str
    field: str
    description: str
    volume: object
    measure: str
    price: int
    cost: object
    remark: str = ""
    kelurahan: str = ""


@dataclass(frozen=True)
class Style:
    """How an office lays out its recap."""

    kind: str = "xlsx"
    titles: tuple[str, ...] = (
        "REKAPITULASI USULAN KEGIATAN PRODAMAS PLUS",
        "KELURAHAN CONTOH 01 KECAMATAN CONTOH",
        "TAHUN ANGGARAN 2023",
    )
    place: str = "RT {rt}/RW {rw}"
    joint: str = "Kelurahan"
    money: str = "number"
    fields: str = "long"
    split_place: bool = False
    split_volume: bool = False
    with_price: bool = False
    with_kelurahan: bool = False
    two_rows: bool = False
    numbering: bool = False
    merged: bool = False
    grouped: bool = False
    sections: str = ""
    subtotals: bool = False
    total: str = ""
    blanks: bool = False
    footer: bool = False
    repeat_header: bool = False
    offset: int = 0
    gap: int = 0
    separator: str = ";"
    encoding: str = "utf-8-sig"
    sheet: str = "Rekap"
    headings: tuple[str, ...] = ()


@dataclass
class Grid:
    """Cells, merged ranges and hidden parts of one sheet, before it becomes a file."""

    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: dict[tuple[int, int], tuple[str, object]] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def line(self, index: int) -> int:
        """The spreadsheet's row number of a proposal."""
        return self.numbers[index]


def lines(seed: int, units: int = 4) -> list[Line]:
    """A list that obeys the rules of 2023 in the reading "tepat 40 %"."""
    rng = random.Random(seed)
    found = []
    for i in range(units):
        rt, rw = f"{i % 2 + 1:02d}", f"{i // 2 + 1:02d}"

        def add(*what, at=(rt, rw)):
            fld, text, volume, measure, price = what
            found.append(Line(*at, fld, text, volume, measure, price, volume * price))

        add("infrastruktur", "Paving gang", 50, "m2", 200_000)
        add("kesehatan", "PMT dan vitamin posyandu", 1, "paket", rng.randrange(10, 21) * 100_000)
        add("kesehatan", "Iuran JKN", rng.randrange(5, 12), "orang/tahun", 504_000)
        add("sosial_budaya", "Sarpras dan pembinaan PKK", 1, "paket", 1_000_000)
        add("sosial_budaya", "Tempat sampah terpilah", rng.randrange(4, 9), "pasang", 450_000)
        add("ekonomi", "Pelatihan keterampilan membuat kue", 2, "orang", 1_500_000)
        add("pendidikan", "Perlengkapan sekolah SD", rng.randrange(5, 12), "siswa", 300_000)
        add("kepemudaan", "Alat olahraga prestasi", 1, "paket", rng.randrange(20, 60) * 100_000)
        add("biaya_umum", "Biaya umum administrasi", 1, "paket", 1_500_000)
    share = units * 30_000_000
    drain = Line("", "", "infrastruktur", "Drainase Jalan Melati (lintas RW)", 100, "m",
                 share // 200, share // 2)  # fmt: skip
    return [*found, drain, replace(drain, description="Trotoar Jalan Kenanga", remark="OPD Teknis")]


def _money(value: object, style: Style) -> object:
    if not isinstance(value, int):
        return value
    grouped = f"{value:,}".replace(",", ".")
    return {
        "number": value, "float": float(value), "dots": grouped, "rp": f"Rp{grouped}",
        "rp_dash": f"Rp. {grouped},-", "decimals": f"{grouped},00", "plain": str(value),
        "juta": f"{str(value / 1e6).replace('.', ',')} jt" if value % 100_000 == 0 else grouped,
    }[style.money]  # fmt: skip


def _volume(value: object) -> str:
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def _place(line: Line, style: Style) -> str:
    if line.rt.startswith("="):  # just this text
        return line.rt[1:]
    if not line.rt and not line.rw:
        return style.joint
    if not line.rt:
        return f"RW {line.rw}"
    roman = _ROMAN[int(line.rw)] if line.rw.isdecimal() else line.rw
    short = {"rt": line.rt.lstrip("0"), "rw": line.rw.lstrip("0")}
    return style.place.format(rt=line.rt, rw=line.rw, r=short["rt"], w=short["rw"], roman=roman)


def headings(style: Style) -> list[str]:
    """The column headings of a style."""
    if style.headings:
        return list(style.headings)
    names = ["No"]
    if style.with_kelurahan:
        names.append("Kelurahan")
    if style.sections != "place":
        names += ["RT", "RW"] if style.split_place else ["RT/RW"]
    if style.sections != "field":
        names.append("Bidang")
    names += ["Uraian Kegiatan", "Volume"]
    names += ["Satuan"] if style.split_volume else []
    names += ["Harga Satuan (Rp)"] if style.with_price else []
    return [*names, "Rencana Biaya (Rp)", "Keterangan"]


def _cells(number: object, line: Line, style: Style) -> list[object]:
    cells: list[object] = [number]
    if style.with_kelurahan:
        cells.append(line.kelurahan or "Contoh 01")
    if style.sections != "place":
        cells += [line.rt, line.rw] if style.split_place else [_place(line, style)]
    names = {"long": FIELD_NAMES, "short": SHORT_NAMES,
             "upper": {k: v.upper() for k, v in FIELD_NAMES.items()},
             "id": {k: k for k in FIELD_NAMES}}[style.fields]  # fmt: skip
    if style.sections != "field":
        cells.append(names.get(line.field, line.field))
    cells.append(line.description)
    if style.split_volume:
        cells += [line.volume, line.measure]
    else:
        cells.append(f"{_volume(line.volume)} {line.measure}".strip())
    if style.with_price:
        cells.append(_money(line.price, style))
    return [*cells, _money(line.cost, style), line.remark]


def _group_key(line: Line, style: Style) -> tuple[str, ...]:
    if style.sections == "field":
        return (line.field,)
    return (line.rw, line.rt)


def layout(found: list[Line], style: Style) -> Grid:
    """Lay the lines out as an office would."""
    grid = Grid()
    names = headings(style)
    width = len(names)
    for title in style.titles:
        grid.rows.append([title])
        if style.kind == "xlsx":
            grid.merges.append((len(grid.rows), 1, len(grid.rows), width))
    grid.rows += [[] for _ in range(style.gap)]
    _header(grid, names, style)
    if style.sections == "field":
        order = list(FIELD_NAMES)
        found = sorted(found, key=lambda x: order.index(x.field))
    previous, block = None, 0
    amounts: list[int] = []
    for index, line in enumerate(found):
        key = _group_key(line, style)
        if key != previous:
            if previous is not None:
                _close(grid, amounts[block:], width, style, previous)
                block = len(amounts)
                if style.repeat_header:
                    grid.rows.append(list(names))
            if style.sections:
                _section(grid, line, width, style)
        cells = _cells(index + 1, line, style)
        if style.merged and key == previous and key != ("", ""):
            _merge_down(grid, cells, names.index("RT/RW") + 1, len(style.titles))
        if style.grouped and key == previous and key != ("", ""):
            cells[0] = cells[1] = ""
        grid.rows.append(cells)
        grid.numbers[index] = len(grid.rows)
        amounts.append(line.cost if isinstance(line.cost, int) else 0)
        previous = key
    _close(grid, amounts[block:], width, style, previous)
    if style.total:
        _sum_row(grid, style.total, sum(amounts), width, style)
    if style.footer:
        grid.rows += [[], ["", "", "", "", "Contoh 01, 14 Maret 2023"],
                      ["", "", "", "", "Mengetahui,"], ["", "", "", "", "LURAH CONTOH 01"],
                      [], ["", "", "", "", "(................)"]]  # fmt: skip
    if style.offset:
        grid.rows = [[""] * style.offset + row if row else [] for row in grid.rows]
        k = style.offset
        grid.merges = [(a, b + k, c, d + k) for a, b, c, d in grid.merges]
    return grid


def _section(grid: Grid, line: Line, width: int, style: Style) -> None:
    place = f"RT {line.rt} RW {line.rw}" if line.rt else "INFRASTRUKTUR BERSAMA"
    by_field = style.sections == "field"
    grid.rows.append([f"BIDANG {FIELD_NAMES[line.field].upper()}" if by_field else place])
    if style.kind == "xlsx":
        grid.merges.append((len(grid.rows), 1, len(grid.rows), width))


def _merge_down(grid: Grid, cells: list[object], column: int, titles: int) -> None:
    """Let the cell above reach down over this row."""
    cells[column - 1] = ""
    row = len(grid.rows) + 1
    top, left, bottom, right = grid.merges[-1]
    if left == right == column and bottom == row - 1 and top > titles:
        grid.merges[-1] = (top, left, row, right)
    else:
        grid.merges.append((row - 1, column, row, column))


def _header(grid: Grid, names: list[str], style: Style) -> None:
    if style.two_rows:
        upper = ["Lokasi" if n in {"RT", "RW"} else n.replace(" (Rp)", "") for n in names]
        lower = [n if n in {"RT", "RW"} else ("(Rp)" if "(Rp)" in n else "") for n in names]
        grid.rows += [upper, lower]
        row = len(grid.rows) - 1
        if style.kind == "xlsx":
            for column, text in enumerate(lower, 1):
                if not text:
                    grid.merges.append((row, column, row + 1, column))
            if "RT" in names:
                column = names.index("RT") + 1
                grid.merges.append((row, column, row, column + 1))
                upper[column] = ""
    else:
        grid.rows.append(list(names))
    if style.numbering:
        grid.rows.append([str(i + 1) for i in range(len(names))])


def _sum_row(grid: Grid, text: str, amount: int, width: int, style: Style) -> None:
    cells: list[object] = [text, *[""] * (width - 3), _money(amount, style), ""]
    grid.rows.append(cells)
    if style.kind == "xlsx":
        grid.merges.append((len(grid.rows), 1, len(grid.rows), width - 2))


def _close(grid: Grid, amounts: list[int], width: int, style: Style, key: object) -> None:
    if style.subtotals:
        text = (
            "Sub Total" if style.sections or key == ("", "") else f"Jumlah RT {key[1]} RW {key[0]}"
        )
        _sum_row(grid, text, sum(amounts), width, style)
    if style.blanks:
        grid.rows.append([])


def to_csv(grid: Grid, style: Style) -> bytes:
    """The grid as CSV bytes."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=style.separator).writerows(grid.rows)
    return out.getvalue().encode(style.encoding)


def to_xlsx(*sheets: tuple[str, Grid]) -> bytes:
    """Grids as one workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, grid in sheets:
            sheet = book.add_worksheet(name)
            for top, left, bottom, right in grid.merges:
                if (top, left) != (bottom, right):
                    sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
            for r, row in enumerate(grid.rows):
                for c, value in enumerate(row):
                    if isinstance(value, str) and value:
                        sheet.write_string(r, c, value)
                    elif isinstance(value, int | float):
                        sheet.write_number(r, c, value)
            for (r, c), (formula, result) in grid.formulas.items():
                sheet.write_formula(r - 1, c - 1, formula, None, result)
            for r in grid.hidden_rows:
                sheet.set_row(r - 1, None, None, {"hidden": True})
            for c in grid.hidden_columns:
                sheet.set_column(c - 1, c - 1, None, None, {"hidden": True})
    return out.getvalue()


def to_file(grid: Grid, style: Style) -> tuple[bytes, str]:
    """Bytes and a file name for a style."""
    if style.kind == "csv":
        return to_csv(grid, style), "rekap.csv"
    return to_xlsx((style.sheet, grid)), "rekap.xlsx"


def total_of(found: list[Line]) -> int:
    """Rupiah of all lines whose cost is a number."""
    return sum(line.cost for line in found if isinstance(line.cost, int))


CSV = Style(kind="csv")
