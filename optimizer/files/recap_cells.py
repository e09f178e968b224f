"""What the cells of an office's recap mean: RT and RW, field, volume, unit of measure.

Pure functions from text to meaning; what cannot be read with certainty is said, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from optimizer.errors import RembugError
from optimizer.files.grid import Value
from optimizer.money import parse_number
from optimizer.nearest import nearest
from optimizer.record.proposals import normal_text
from optimizer.remember import remembered
from optimizer.territory import normal_number

__all__ = [
    "FIELDS",
    "Where",
    "cell_text",
    "field_of",
    "find_where",
    "known_measure",
    "parse_single",
    "parse_where",
    "says_joint",
    "split_volume",
    "suggest_field",
]

FIELDS = {
    "infrastruktur": ("infrastruktur", "infra", "infrastruktur rt", "infrastruktur bersama",
                      "infrastruktur lingkungan", "infrastruktur rt rw"),
    "kesehatan": ("kesehatan", "kes", "kesehatan masyarakat"),
    "sosial_budaya": ("sosial budaya", "sosbud", "sos bud", "sosial dan budaya", "sosial",
                      "sosial budaya masyarakat", "sosialbudaya"),
    "ekonomi": ("ekonomi", "eko", "perekonomian", "ekonomi masyarakat", "ekonomi kerakyatan"),
    "pendidikan": ("pendidikan", "pend", "pendidikan masyarakat"),
    "kepemudaan": ("kepemudaan", "pemuda", "kepemudaan dan olahraga", "pemuda dan olahraga",
                   "kepemudaan dan olah raga", "pemuda olahraga"),
    "biaya_umum": ("biaya umum", "biaya umum administrasi", "administrasi", "biaya administrasi",
                   "biaya umum rt", "administrasi umum", "adm", "bop",
                   "biaya umum dan administrasi"),
}  # fmt: skip
_FIELD_OF = {spelling: field for field, spellings in FIELDS.items() for spelling in spellings}
_NUMBERING = re.compile(r"^\s*(?:[IVX]{1,4}|[A-Za-z]|\d{1,2})\s*[.)]\s*")

_MEASURES = frozenset({
    "m2", "m3", "m", "km", "ha", "paket", "ls", "unit", "buah", "titik", "orang", "orang/tahun",
    "orang/bulan", "orang/kegiatan", "set", "pasang", "siswa", "anak", "kali", "bulan", "tahun",
    "hari", "kegiatan", "lokasi", "lembar", "kg", "ton", "liter", "sak", "batang", "roll", "pohon",
    "bibit", "ekor", "stel", "kotak", "dus", "box", "kelompok", "kk", "jiwa", "lot", "rim",
    "eksemplar", "porsi", "rt", "rw", "ruang", "tempat", "rumah", "peserta",
})  # fmt: skip
_MEASURE_OF = {
    "m²": "m2", "meter persegi": "m2", "meter2": "m2", "m 2": "m2", "mtr2": "m2", "m³": "m3",
    "meter kubik": "m3", "m 3": "m3", "meter": "m", "mtr": "m", "m'": "m", "m1": "m", "m’": "m",
    "meter lari": "m", "pkt": "paket", "pak": "paket", "pack": "paket", "lumpsum": "ls",
    "lump sum": "ls", "bh": "buah", "ttk": "titik", "org": "orang", "or": "orang", "psg": "pasang",
    "org/thn": "orang/tahun", "org/th": "orang/tahun", "orang/thn": "orang/tahun",
    "org/tahun": "orang/tahun", "org/bln": "orang/bulan", "org/keg": "orang/kegiatan",
    "bln": "bulan", "thn": "tahun", "th": "tahun", "keg": "kegiatan", "lok": "lokasi",
    "lbr": "lembar", "ltr": "liter", "zak": "sak", "btg": "batang", "rol": "roll", "unt": "unit",
}  # fmt: skip

_NUMBER = r"(\d{1,3}(?!\d)|[IVXL]{1,6}\b)"
_NAMED_RT, _NAMED_RW = (rf"(?<![A-Z])R{letter}[\s.:]*{_NUMBER}" for letter in "TW")
_BETWEEN = r"[\s./,;:\-–()]*(?:DAN\s+)?"
_RT, _RW = re.compile(_NAMED_RT), re.compile(_NAMED_RW)
_RT_RW = re.compile(_NAMED_RT + _BETWEEN + _NAMED_RW)
_RW_RT = re.compile(_NAMED_RW + _BETWEEN + _NAMED_RT)
_BOTH = re.compile(rf"\bRT[\s.]*/[\s.]*RW[\s.:]*{_NUMBER}\s*[/\-]\s*{_NUMBER}")
_PAIR = re.compile(r"(?:RT[\s.:]*)?(\d{1,3})\s*[/\-]\s*(?:RW[\s.:]*)?(\d{1,3})")
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d.*|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}[- ](?:JAN|FEB|MAR|APR|MEI|MAY|JUN|JUL|AGU"
    r"|AUG|SEP|OKT|OCT|NOV|DES|DEC)\w*(?:[- ]\d{2,4})?"
)
_JOINT_PLACE = re.compile(
    r"(?:TK\.?|TINGKAT|SE)?[\s-]*(?:KELURAHAN|KEL\.?|BERSAMA|MUSKEL|MUSYAWARAH KELURAHAN"
    r"|(?:SEMUA|SELURUH) RT)(?:\s+BERSAMA)?"
)
_JOINT_WORDS = ("infrastruktur bersama", "hasil musyawarah kelurahan", "hasil muskel")
_VOLUME = re.compile(r"(\d[\d.,]*)\s*([^\d\s].*)?")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a row belongs, as far as its text says; ``problem`` ends a finding's code."""

    rt: str = ""
    rw: str = ""
    joint: bool = False
    problem: str = ""

    @property
    def empty(self) -> bool:
        """Whether the text said nothing at all."""
        return not (self.rt or self.rw or self.joint or self.problem)


@remembered
def cell_text(value: Value) -> str:
    """A cell as one line of text: ``5`` for 5.0, single spaces."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _number(text: str) -> str:
    """Two-digit RT or RW from digits or a Roman numeral; empty for 0."""
    if text.isdecimal():
        return normal_number(text) if int(text) else ""
    total = 0
    values = [_ROMAN[c] for c in text]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return normal_number(str(total))


@remembered
def find_where(text: str) -> Where:
    """RT and RW named anywhere in a text, such as a title or a section row."""
    upper = text.upper()
    rts, rws = set(_RT.findall(upper)), set(_RW.findall(upper))
    if len(rts) > 1 or len(rws) > 1:
        return Where(problem="several")
    if match := _BOTH.search(upper) or _RT_RW.search(upper):
        return Where(_number(match[1]), _number(match[2]))
    if match := _RW_RT.search(upper):
        return Where(_number(match[2]), _number(match[1]))
    rt, rw = next(iter(rts), ""), next(iter(rws), "")
    return Where(_number(rt) if rt else "", _number(rw) if rw else "")


@remembered
def parse_where(text: str) -> Where:
    """Read an RT/RW cell; the official order is RT, then RW.

    Examples
    --------
    >>> parse_where("RT.5/RW.3").rt, parse_where("05/03").rw, parse_where("RW III").rw
    ('05', '03', '03')
    """
    upper = text.upper().strip()
    if upper in {"", "-", "–", "—", "/", "."}:
        return Where()
    if _JOINT_PLACE.fullmatch(upper) or (
        upper.startswith(("KELURAHAN ", "KEL. ")) and find_where(upper).empty
    ):
        return Where(joint=True)
    if _DATE.fullmatch(upper):
        return Where(problem="date")
    if re.search(r"\d\s*(?:,|&|\bDAN\b|\bS\.?/?D\b)\s*(?:RT\s*)?\.?\d", upper) or re.search(
        r"RT[\s.]*\d+\s*-\s*\d+\s*(?:/|\s)\s*RW", upper
    ):
        return Where(problem="several")
    if match := _PAIR.fullmatch(upper):
        where = Where(_number(match[1]), _number(match[2]))
    else:
        where = find_where(upper)
    if where.problem:
        return where
    zero = bool(re.search(r"(?<!\d)0+(?!\d)", upper))
    return Where(problem="unreadable") if where.empty or zero else where


@remembered
def parse_single(text: str) -> str:
    """The number in an RT or RW cell of its own (``5``, ``RT 05``, ``III``); empty if none."""
    match = re.fullmatch(rf"(?:R[TW])?[\s.:]*{_NUMBER}", text.upper().strip())
    return _number(match[1]) if match else ""


@remembered
def field_of(text: str) -> str:
    """The field's id for a known spelling, else empty.

    Examples
    --------
    >>> field_of("Sosbud"), field_of("II. BIDANG KESEHATAN"), field_of("Kesehatn")
    ('sosial_budaya', 'kesehatan', '')
    """
    for candidate in (text, _NUMBERING.sub("", text)):
        plain = normal_text(candidate.replace("_", " ")).removeprefix("bidang ").strip()
        if plain in _FIELD_OF:
            return _FIELD_OF[plain]
    return ""


def suggest_field(text: str) -> str:
    """The known spelling nearest to a misspelt field; empty where none is near."""
    plain = normal_text(_NUMBERING.sub("", text)).removeprefix("bidang ")
    near = nearest(plain, _FIELD_OF, 0.7)
    return FIELDS[_FIELD_OF[near]][0] if near else ""


@remembered
def says_joint(text: str) -> bool:
    """Whether a description or heading names the joint fund (contract "Recap input")."""
    plain = normal_text(text)
    return any(words in plain for words in _JOINT_WORDS)


@remembered
def known_measure(text: str) -> tuple[str, bool]:
    """The usual spelling of a unit of measure, and whether it is a known one."""
    plain = text.strip().lower().rstrip(".")
    plain = re.sub(r"\s*/\s*", "/", plain)
    usual = _MEASURE_OF.get(plain, plain)
    return (usual, True) if usual in _MEASURES else (text.strip(), False)


@remembered
def split_volume(text: str) -> tuple[Fraction, str]:
    """A volume cell as number and unit of measure (``12 m2``, ``1 paket``, ``12,5``).

    Raises
    ------
    RembugError
        ``number_unreadable`` (``2x3 m``, ``secukupnya``) or ``number_ambiguous`` (``1,500``).
    """
    match = _VOLUME.fullmatch(text.strip())
    measure = (match[2] or "").strip() if match else ""
    # "2x3 m", "10 orang x 2 hari": which number is meant is not ours to say.
    if match is None or re.search(r"[x×*@+/-]\s*\d|^x\b", measure.lower()):
        raise RembugError("number_unreadable", text=text)
    return parse_number(match[1].rstrip(".,")), measure
