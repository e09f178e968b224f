"""Documents as one HTML file each: A4 on paper, one column on a phone, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape

from optimizer.palette import ACCENT, INK, PAPER, STATUS_COLOURS
from optimizer.sheets.fit import far_size
from optimizer.sheets.layout import Bar, Cell, Column, Document, Kind, Mark, Page, Status, Table
from optimizer.words import INDONESIAN, Words

__all__ = ["render_html"]

_RIGHT = frozenset({Kind.NUMBER, Kind.RUPIAH, Kind.SHARE})

_STYLE = """
@page { size: A4 %(side)s; margin: 10mm 10mm 13mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; }
body { margin: 0; background: %(paper)s; color: %(ink)s;
  font: 10pt/1.4 "DejaVu Sans", Verdana, Arial, sans-serif; }
.page { position: relative; max-width: %(width)s; margin: 0 auto; padding: 6mm 5mm 10mm; }
h1 { font-size: 14pt; line-height: 1.25; margin: 0 0 1.5mm; }
h2 { font-size: 10.5pt; margin: 3.5mm 0 1.2mm; break-after: avoid; }
.lines { margin: 0 0 2.5mm; } .lines p { margin: 0; }
.marks { border: 0.5mm solid %(ink)s; padding: 1mm 2.5mm; margin: 0 0 2.5mm; font-weight: bold;
  font-size: 9pt; }
table { border-collapse: collapse; width: 100%%; table-layout: fixed; font-size: %(size)s; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.2mm solid #8a8a8a; line-height: 1.3; padding: 0.6mm 1.3mm; vertical-align: top;
  overflow-wrap: break-word; text-align: left; }
th { background: #eef2f4; border-bottom: 0.4mm solid %(accent)s; hyphens: manual; }
td.r { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th.r { text-align: right; }
.far h1 { font-size: calc(1.6 * var(--far)); } .far table.far { font-size: var(--far); }
.total td { font-weight: bold; border-top: 0.5mm solid %(ink)s; }
.b { display: flex; align-items: center; gap: 1.5mm; } .b span { flex: 0 0 7.2em; }
.bar { flex: 1; height: 2.4mm; background: #ededed; border: 0.2mm solid #8a8a8a; }
.bar i { display: block; height: 100%%; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.hatched { background-image: repeating-linear-gradient(45deg, #ffffff99 0 1mm, #ffffff00 1mm 2mm); }
.s { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
%(status)s
.signatures { display: flex; flex-wrap: wrap; gap: 6mm 12mm; justify-content: space-between;
  margin-top: 9mm; break-inside: avoid; }
.signatures div { min-width: 50mm; }
.signatures span { display: block; margin-top: 17mm; border-top: 0.2mm dotted %(ink)s; }
.foot { margin-top: 3mm; padding-top: 1mm; border-top: 0.2mm solid #8a8a8a; font-size: 7pt;
  line-height: 1.3; break-inside: avoid; }
.foot p, .notes p { margin: 0 0 0.8mm; } .notes { margin-top: 2mm; font-size: 9pt; }
.watermark { position: absolute; inset: 0; overflow: hidden; pointer-events: none; }
.watermark b { position: absolute; top: 45mm; left: 12mm; transform: rotate(-24deg);
  font-size: 50pt; line-height: 1.3; letter-spacing: 3mm; color: #00000012; }
@media print { .page { max-width: none; padding: 0; } .page + .page { break-before: page; } }
@media screen and (max-width: 640px) {
  body { font-size: 12pt; } .page { padding: 4mm 3mm 8mm; }
  table, tbody, tr, td { display: block; width: auto; font-size: 11.5pt; }
  thead { display: none; } tr { border: 0.4mm solid #8a8a8a; margin-bottom: 3mm; }
  td { border: 0; border-bottom: 0.2mm solid #d0d0d0; } td:empty { display: none; }
  td::before { content: attr(data-h) ": "; font-weight: bold; }
  td.r { text-align: left; white-space: normal; }
}
"""


def render_html(document: Document, words: Words = INDONESIAN) -> str:
    """The document as one self-contained page."""
    pages = "\n".join(_page(document, page, words) for page in document.pages)
    return (
        f'<!DOCTYPE html>\n<html lang="{words.lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_style(document)}</style>\n</head>\n"
        f"<body>\n{pages}\n</body>\n</html>\n"
    )


def _style(document: Document) -> str:
    grounds = (f".s-{kind} {{ background: {c}; }}" for kind, c in STATUS_COLOURS.items())
    return _STYLE % {
        "side": "landscape" if document.wide else "portrait",
        "width": "277mm" if document.wide else "190mm",
        "size": "7.5pt" if document.wide else "8.5pt",
        "paper": PAPER,
        "ink": INK,
        "accent": ACCENT,
        "status": "\n".join(grounds),
    }


def _page(document: Document, page: Page, words: Words) -> str:
    return "\n".join(
        part
        for part in (
            f'<section class="page{_far(document, page)}">',
            _watermark(document.marks, words),
            _marks(document.marks, words),
            f"<h1>{escape(page.title)}</h1>",
            _paragraphs("lines", page.lines, "<br>"),
            *(_table(table, words) for table in page.tables),
            _paragraphs("notes", page.notes, "</p><p>"),
            _signatures(page),
            _paragraphs("foot", document.foot, "</p><p>"),
            "</section>",
        )
        if part
    )


def _far(document: Document, page: Page) -> str:
    size = far_size(document, page)
    return f' far" style="--far:{size}pt' if size else ""


def _watermark(marks: tuple[Mark, ...], words: Words) -> str:
    text = " ".join(words.say(f"sheet.watermark.{mark}") for mark in marks)
    return f'<div class="watermark" aria-hidden="true"><b>{escape(text)}</b></div>' if text else ""


def _marks(marks: tuple[Mark, ...], words: Words) -> str:
    texts = [words.say(f"sheet.mark.{mark}") for mark in marks]
    return f'<div class="marks">{"<br>".join(map(escape, texts))}</div>' if texts else ""


def _paragraphs(name: str, texts: tuple[str, ...], between: str) -> str:
    body = between.join(escape(t) for t in texts if t)
    return f'<div class="{name}"><p>{body}</p></div>' if body else ""


def _signatures(page: Page) -> str:
    blocks = "".join(
        f"<div>{escape(s.place)}<br>{escape(s.role)}<span></span></div>" for s in page.signatures
    )
    return f'<div class="signatures">{blocks}</div>' if blocks else ""


def _table(table: Table, words: Words) -> str:
    caption = f"<h2>{escape(table.caption)}</h2>" if table.caption else ""
    if not table.rows and table.empty:
        return f"{caption}<p>{escape(table.empty)}</p>"
    whole = sum(column.width for column in table.columns)
    widths = "".join(f'<col style="width:{100 * c.width / whole:.2f}%">' for c in table.columns)
    heads = "".join(f"<th{_side(c)}>{escape(c.heading)}</th>" for c in table.columns)
    far = ' class="far"' if table.far else ""
    rows = "\n".join(_row(table, row, words) for row in table.rows)
    total = _row(table, table.total, words, "total") if table.total else ""
    return (
        f"{caption}<table{far}><colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}{total}</tbody></table>"
    )


def _side(column: Column) -> str:
    return ' class="r"' if column.kind in _RIGHT else ""


def _row(table: Table, row: tuple[Cell, ...], words: Words, name: str = "") -> str:
    cells = "".join(_cells(table, row, words))
    return f'<tr class="{name}">{cells}</tr>' if name else f"<tr>{cells}</tr>"


def _cells(table: Table, row: tuple[Cell, ...], words: Words) -> Iterator[str]:
    for column, value in zip(table.columns, row, strict=True):
        label = f' data-h="{escape(column.heading)}"'
        if isinstance(value, Status):
            yield f'<td{label} class="s s-{value.kind}">{escape(value.text)}</td>'
        elif isinstance(value, Bar):
            text = escape(value.text)
            yield f'<td{label}><div class="b"><span>{text}</span>{_bar(value)}</div></td>'
        else:
            yield f"<td{label}{_side(column)}>{escape(cell_text(column, value, words))}</td>"


def _bar(bar: Bar) -> str:
    width = float(max(Fraction(0), min(Fraction(1), bar.part))) * 100
    name = ' class="hatched"' if bar.hatched else ""
    return (
        f'<div class="bar"><i{name} style="width:{width:.1f}%;'
        f'background-color:{bar.colour}"></i></div>'
    )


def cell_text(column: Column, value: Cell, words: Words) -> str:
    """A cell as people read it: numbers as the language writes them."""
    if value is None:
        return ""
    if isinstance(value, Status | Bar | str):
        return value if isinstance(value, str) else value.text
    if column.kind is Kind.SHARE:
        return words.share(value)
    if column.kind is Kind.RUPIAH:
        return words.rupiah(int(value)).replace("Rp", "")
    return words.number(value)
