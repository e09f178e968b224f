"""The activities that the example data draws from: a table with ranges and frequencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from optimizer.files.tables import read_tables
from optimizer.shipped import DATA

__all__ = ["PRICE_STEP", "Activity", "activities"]

PRICE_STEP = 1000
TABLE = DATA / "kegiatan-kaliombo.csv"


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of ``data/kegiatan-kaliombo.csv``.

    Attributes
    ----------
    account : str
        Account in which it is booked, as proposals name it.
    price, volume : tuple of int
        Least and most rupiah per unit of measure; least and most volume.
    step : int
        Volume step; all volumes are multiples of it.
    reducible : bool
        Whether less than the asked volume is of use.
    chance : float
        Share of RT that ask for it; 0 where the number of RT is fixed instead.
    """

    key: str
    name: str
    account: str
    measure: str
    price: tuple[int, int]
    volume: tuple[int, int]
    step: int
    reducible: bool
    chance: float

    @property
    def field(self) -> str:
        """The top-level account."""
        return self.account.partition("/")[0]

    @property
    def infrastructure(self) -> bool:
        """Whether an RT pays it from its own infrastructure money."""
        return self.account == "infrastruktur/rt"


@cache
def activities() -> Mapping[str, Activity]:
    """All activities of the table by key, in the table's order."""
    heading, *rows = read_tables(TABLE).sheets[0].rows
    records = [dict(zip((str(h) for h in heading), row, strict=False)) for row in rows]
    return {a.key: a for a in map(_activity, records)}


def _activity(record: Mapping[str, object]) -> Activity:
    def text(name: str) -> str:
        return str(record.get(name) or "")

    def number(name: str) -> int:
        return int(text(name) or 0)

    return Activity(
        key=text("kunci"),
        name=text("kegiatan"),
        account=text("bidang"),
        measure=text("satuan"),
        price=(number("harga_min"), number("harga_maks")),
        volume=(number("volume_min"), number("volume_maks")),
        step=number("langkah_volume"),
        reducible=text("dapat_dikurangi") == "ya",
        chance=number("peluang_persen") / 100,
    )
