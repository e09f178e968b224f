"""Rows of the example data under the dataset's headings, as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from optimizer.territory import node_id, place_words
from tools.demo.activities import Activity
from tools.demo.wishes import Wish

__all__ = ["Rt", "Sheets", "letter_row", "meeting_row", "place", "proposal_row", "rt_list"]

Row = dict[str, str]
Sheets = dict[str, list[Row]]


class Rt(NamedTuple):
    """A place: an RT, or an RW or kelurahan where the deeper parts are empty."""

    kelurahan: str
    rw: str
    rt: str

    @property
    def level(self) -> str:
        """The column ``tingkat``."""
        return "RT" if self.rt else "RW" if self.rw else "Kelurahan"


def place(where: Rt) -> str:
    """``RT 05/RW 03``, ``RW 03`` or the kelurahan's name."""
    return place_words(node_id(*where), "/")


def rt_list(units: Iterable[Rt]) -> str:
    """Several RT in one cell."""
    return "; ".join(place(u) for u in units)


def _owner(where: Rt) -> Row:
    return {"tingkat": where.level, "kelurahan": where.kelurahan, "rw": where.rw, "rt": where.rt}


def proposal_row(proposal: str, owner: Rt, rank: int | None, wish: Wish, **text: str) -> Row:
    """A row of ``usulan``; ``text`` fills the columns that are words."""
    activity, reducible = wish.activity, wish.least < wish.volume
    return {
        "id": proposal,
        **_owner(owner),
        "urutan": "" if rank is None else str(rank),
        "kegiatan": activity.name,
        "bidang": activity.account,
        "uraian": text.get("uraian", ""),
        "satuan": activity.measure,
        "harga_satuan": str(wish.price),
        "volume": str(wish.volume),
        "volume_minimum": str(wish.least) if reducible else "",
        "langkah_volume": str(activity.step) if reducible else "",
        "swadaya": str(wish.own_funds) if wish.own_funds else "",
        "lokasi": text.get("lokasi", ""),
        "penerima": text.get("penerima", ""),
        "peserta_iuran": text.get("peserta_iuran", ""),
        "penempatan": text.get("penempatan", ""),
        "status": text["status"],
        "alasan": text.get("alasan", ""),
        "catatan": text.get("catatan", ""),
    }


def letter_row(proposal: str, unit: Rt, activity: Activity, letter: str) -> Row:
    """A row that records a letter instead of a proposal; it asks for nothing."""
    row = proposal_row(
        proposal,
        unit,
        None,
        Wish(activity, price=0, volume=0, least=0),
        status="tidak diajukan",
        alasan=f"Surat Pernyataan Lampiran {letter}",
    )
    return {**row, "harga_satuan": "", "volume": ""}


def meeting_row(where: Rt, day: str, invited: int, present: int, *, signed: bool) -> Row:
    """A row of ``rembug``."""
    number = "/".join(part for part in ("BA", where.rt, where.rw, day[:4]) if part)
    return {
        **_owner(where),
        "tanggal": day,
        "diundang": str(invited),
        "hadir": str(present),
        "daftar_hadir": "ada" if signed else "tidak ada",
        "no_berita_acara": number,
    }
