"""The sheets: official columns, marks, harmless cells, nothing from outside, nothing lost."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from recap_corpus import CSV, Line, clean, layout, lines, to_file

from optimizer.checking import Opened, Origin, check_opened, open_source, policy_for
from optimizer.cli import main
from optimizer.files.recap import read_recap
from optimizer.files.recap_dataset import dataset_from_recap
from optimizer.sheets.bundle import Options, check_files, contexts, sheet_files
from optimizer.sheets.check_sheet import check_sheet
from optimizer.sheets.fit import far_size
from optimizer.sheets.html import render_html
from optimizer.sheets.layout import Column, Document, Page, Table
from optimizer.sheets.official import kelurahan_recap
from optimizer.sheets.whatsapp import LIMIT, whatsapp_text
from optimizer.sheets.xlsx import render_xlsx, sheet_names
from optimizer.words import Words

HEADINGS = {
    "berita-acara-rembug": ["No", "Bidang", "Uraian Kegiatan", "Volume dan Satuan",
                            "Rencana Biaya (Rp)"],
    "berita-acara-muskel": ["No", "Bidang", "Uraian Kegiatan", "Volume dan Satuan",
                            "Rencana Biaya (Rp)", "Keterangan"],
    "rekap": ["No", "RT/RW", "Bidang", "Uraian Kegiatan", "Volume", "Rencana Biaya (Rp)",
              "Keterangan"],
    "rekap-kecamatan": ["No", "Kelurahan", "Bidang", "Uraian", "Satuan", "Vol", "Rencana Biaya",
                        "Keterangan"],
    "lembar-periksa": ["RT/RW", "Bidang", "Jumlah", "% pagu", "Batas", "Selisih", "Status",
                       "Tindakan", "Dasar"],
    "gabungan": ["Kegiatan", "Biaya", "Penempatan", "Lokasi", "RT ikut", "Bagian (Rp)"],
}  # fmt: skip


def report_of(found, **more):
    data, file = to_file(layout(found, CSV), CSV)
    recap = read_recap(data, file)
    policy = policy_for(2023, None)
    source = dataset_from_recap(recap, policy)
    opened = Opened(
        recap.name, Origin.RECAP, source.dataset, policy, source.listed(policy), source, **more
    )
    return check_opened(opened)


@pytest.fixture(scope="module")
def kaliombo():
    return check_opened(open_source("data/kaliombo-2023"))


@pytest.fixture(scope="module")
def files(kaliombo):
    return dict(sheet_files(kaliombo))


@pytest.fixture(scope="module")
def planned():
    return dict(sheet_files(check_opened(open_source("scenarios/kaliombo-2023.yaml", solve=True))))


def rows_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[c.value for c in row] for sheet in book.worksheets for row in sheet.iter_rows()]


class Links(HTMLParser):
    """Everything a page would fetch or follow."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.found += [v for k, v in attrs if k in {"src", "href", "srcset", "action", "data"}]


@pytest.mark.parametrize("name", HEADINGS)
def test_official_headings_exactly(files, name):
    rows = rows_of(files[f"{name}.xlsx"])
    wanted = HEADINGS[name]
    assert wanted in [row[: len(wanted)] for row in rows]
    heads = re.findall(r"<th(?: [^>]*)?>(.*?)</th>", files[f"{name}.html"].decode())
    assert any(heads[i : i + len(wanted)] == wanted for i in range(len(heads)))


def test_every_sheet_stands_alone_and_is_marked(files, planned):
    for name, content in {**files, **planned}.items():
        if not name.endswith(".html"):
            continue
        text = content.decode()
        links = Links()
        links.feed(text)
        assert not links.found and not links.tags & {"script", "link", "img", "iframe", "form"}
        assert "url(" not in text and "@import" not in text and "http" not in text
        pages = text.count('<section class="page')
        assert text.count("DATA CONTOH BUATAN") >= pages
        assert text.count("naskah Perwali 7/2022 belum dibaca") == pages


def test_recorded_and_computed_never_mix(files, planned):
    for name in ("rekap.html", "berita-acara-rembug.html", "berita-acara-muskel.html"):
        recorded = files[name].decode()
        assert "KONSEP" in recorded and "SIMULASI" not in recorded
        assert "tidak ada hasil hitungan" in recorded
        # A plan changes nothing in what was recorded.
        assert planned[name] == files[name]
    assert planned["rekap.xlsx"] == files["rekap.xlsx"]
    assert "SIMULASI" in planned["papan-pengumuman.html"].decode()
    assert "SIMULASI" in planned["lembar-periksa.html"].decode()
    assert "KONSEP" in files["papan-pengumuman.html"].decode()


def test_the_notice_board_is_one_page_for_each_rt_as_large_as_it_may(planned):
    """What is in stands first and large; an RT with much to say has a smaller type, not more."""
    text = planned["papan-pengumuman.html"].decode()
    pages = text.split('<section class="page')[1:]
    assert len(pages) == 47
    sizes = [int(re.match(r' far" style="--far:(\d+)pt', page)[1]) for page in pages]
    rows = [page.count("<tr") for page in pages]
    assert min(sizes) >= 9 and max(sizes) == 15
    assert sizes[rows.index(min(rows))] > sizes[rows.index(max(rows))]
    for page in pages:
        assert page.index("MASUK RANCANGAN") < page.index("BELUM MASUK") < page.index("Dana per")
        assert page.count('<table class="far">') == 1

    def page(count):
        table = Table((Column("Uraian", width=40),), (("Paving",),) * count, far=True)
        return Page("x", "x", (table,))

    document = Document("x", "x", ())
    found = [far_size(document, page(n)) for n in range(1, 80)]
    assert found == sorted(found, reverse=True) and {found[0], found[-1]} == {15, 9}
    assert far_size(document, Page("x", "x", (Table((), ()),))) == 0


def test_final_takes_the_draft_mark_away(kaliombo):
    (draft,), (final,) = (contexts(kaliombo, Options(final=f)) for f in (False, True))
    assert "KONSEP" in render_html(kelurahan_recap(draft))
    assert "KONSEP" not in render_html(kelurahan_recap(final))
    assert "DATA CONTOH BUATAN" in render_html(kelurahan_recap(final))


def test_every_recorded_row_is_in_the_recap_and_its_sum(kaliombo, files, tmp_path):
    path = tmp_path / "rekap.xlsx"
    path.write_bytes(files["rekap.xlsx"])
    for source in (path, tmp_path / "rekap.csv"):
        if source.suffix == ".csv":
            source.write_bytes(files["rekap.csv"])
        again = read_recap(source)
        asked = [p for items in kaliombo.opened.dataset.lists.values() for p in items]
        assert len(again.rows) == len(asked)
        assert again.total == sum(p.full_cost for p in asked)
        if source.suffix == ".xlsx":
            assert again.year == 2023 and again.kelurahan == "Kaliombo"


def test_bytes_are_reproducible():
    assert dict(sheet_files(report_of(lines(3)))) == dict(sheet_files(report_of(lines(3))))


def test_whatsapp_is_short_and_speakable(files, planned):
    texts = {k: v.decode() for k, v in {**files, **planned}.items() if k.endswith(".txt")}
    assert len(texts) == 47
    for text in [*texts.values(), *(v.decode() for k, v in files.items() if k.endswith(".txt"))]:
        assert len(text) < LIMIT
        assert "bukan keputusan" in text and "CONTOH" in text
        assert not re.search(r"[→│·\[\]<>]", text)


def test_whatsapp_stays_short_with_everything_wrong():
    bad = [
        Line("01", "01", "ekonomi", f"Sewa {'tenda ' * 30}{n}", 1, "paket", 0, 50_000_000)
        for n in range(30)
    ]
    report = report_of(bad)
    (context,) = contexts(report, Options())
    text = whatsapp_text(context, "Contoh 01/01/01")
    assert len(text) < LIMIT and "hal lain" in text


@pytest.mark.parametrize(
    ("amount", "said"),
    [(9_600_000, "Rp9,6 juta"), (2_000_000_000, "Rp2 miliar"), (999, "Rp999"),
     (1_000_001, "Rp1.000.001")],
)  # fmt: skip
def test_amounts_as_one_says_them(amount, said):
    assert Words().spoken(amount) == said


def test_hostile_text_is_harmless():
    nasty = [
        '=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "<script>alert(1)</script>",
        '"><img src=x onerror=y>',
    ]  # fmt: skip
    found = [Line("01", "01", "kesehatan", text, 1, "paket", 0, 1_000_000) for text in nasty]
    report = report_of([*found, *lines(3)])
    out = dict(sheet_files(report))
    for name, content in out.items():
        if name.endswith(".html"):
            links = Links()
            links.feed(content.decode())
            assert not links.found and "script" not in links.tags and "img" not in links.tags
        if name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            for sheet in book.worksheets:
                for row in sheet.iter_rows():
                    assert not [c for c in row if c.data_type == "f" or c.hyperlink]
    cells = [line.split(";") for line in out["rekap.csv"].decode("utf-8-sig").splitlines()]
    assert not [c for row in cells for c in row if c.strip('"')[:1] in {"=", "+", "@"}]


def test_names_of_files_never_come_from_data_unchanged():
    found = [
        Line(x.rt, x.rw, x.field, x.description, x.volume, x.measure, x.price, x.cost,
             kelurahan=name)
        for name in ("../../jahat", "Contoh 02")
        for x in lines(3, units=1) if x.rt
    ]  # fmt: skip
    style = CSV.__class__(kind="csv", with_kelurahan=True)
    data, file = to_file(layout(found, style), style)
    recap = read_recap(data, file)
    policy = policy_for(2023, None)
    source = dataset_from_recap(recap, policy)
    opened = Opened("x", Origin.RECAP, source.dataset, policy, source.listed(policy), source)
    names = [name for name, _ in sheet_files(check_opened(opened))]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9/.-]*", n) and ".." not in n for n in names)
    assert len({n.split("/")[0] for n in names if "/" in n}) == 2


def test_worksheet_names_are_taken_by_excel():
    page = Page("RT 01/RW 02: [x] * ? 'panjang sekali lebih dari tiga puluh satu'", "t", ())
    names = sheet_names((page, page, page))
    assert len(set(names)) == 3
    assert all(len(n) <= 31 and not re.search(r"[\[\]:*?/\\']", n) for n in names)


def test_numbers_are_indonesian_and_still_numbers():
    table = Table((Column("Rp", "rupiah"), Column("%", "share")), ((1_234_567, 0),))
    document = Document("x", "x", (Page("x", "x", (table,)),))
    assert "1.234.567" in render_html(document)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document)))
    assert 1_234_567 in [c.value for row in book.active.iter_rows() for c in row]


def test_the_check_sheet_says_difference_remedy_and_source():
    found = [x if "Paving" not in x.description or (x.rt, x.rw) != ("01", "01")
             else Line("01", "01", x.field, x.description, 60, "m2", 200_000, 12_000_000)
             for x in lines(3)]  # fmt: skip
    (context,) = contexts(report_of(found), Options())
    rows = [row for page in check_sheet(context).book for t in page.tables for row in t.rows]
    (row,) = [r for r in rows if r[0] == "RT 01 / RW 01" and str(r[1]).endswith("Infrastruktur RT")]
    assert row[2] == 12_000_000 and row[5] == "+Rp2.000.000"
    assert row[6].text == "melebihi batas" and row[7] == "kurangi 10 m2 (Paving gang)"
    assert "(kutipan)" in row[8]


def test_rows_set_aside_are_in_the_check_sheet():
    case = next(c for c in clean() if c.name == "rt_sections")
    recap = read_recap(case.data, case.file)
    policy = policy_for(2023, None)
    source = dataset_from_recap(recap, policy)
    opened = Opened("x", Origin.RECAP, source.dataset, policy, source.listed(policy), source)
    (context,) = contexts(check_opened(opened), Options())
    (page,) = [p for p in check_sheet(context).book if p.name == "Baris yang disisihkan"]
    assert {row[1] for row in page.tables[0].rows} == {a.row for a in recap.set_aside}


def test_english_and_cut_list():
    report = report_of(lines(3))
    made = dict(sheet_files(report, Options(words=Words("en"), cut=20_000_000)))
    assert "What goes if the pagu falls by Rp20,000,000" in made["daftar-pengurangan.html"].decode()
    assert "SIMULATION" in made["daftar-pengurangan.html"].decode()
    assert set(dict(check_files(report))) <= set(made)


def test_two_commands_from_a_recap_to_all_sheets(tmp_path, capsys):
    case = next(iter(clean()))
    recap = tmp_path / case.file
    recap.write_bytes(case.data)
    for args in (
        ["import", str(recap), "--out", str(tmp_path / "data")],
        ["sheets", str(tmp_path / "data"), "--out", str(tmp_path / "lembar"), "--cut", "25%"],
    ):
        with pytest.raises(SystemExit) as stopped:
            main(args)
        assert not stopped.value.code
    assert "KONSEP" in capsys.readouterr().out
    made = {p.name for p in (tmp_path / "lembar").iterdir()}
    assert {"rekap.xlsx", "lembar-periksa.html", "daftar-pengurangan.xlsx", "whatsapp"} <= made
