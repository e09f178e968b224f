"""Example data: Kaliombo 2023 and a made-up city, by one seeded generator.

Real are the number of RT, the totals, the limits and the kinds of activities; who wants what at
which price, and every vote, is drawn. The same name gives the same bytes, always.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from random import Random

from optimizer.money import split
from tools.demo.kelurahan import Blueprint, add_kelurahan
from tools.demo.rows import Sheets

__all__ = ["NAMES", "build", "city"]

SHEETS = ("wilayah", "usulan", "rembug", "dukungan", "suara")

KALIOMBO = Blueprint(
    name="Kaliombo",
    rw_sizes=(5, 5, 6, 5, 5, 5, 5, 6, 5),
    families=2762,
    residents=8164,
    medians=(59, 22),
    emas=(4, 9),
    koperasi=(3, 8),
    drain="Bumi Asri",
    field_votes=True,
)


def build(name: str) -> Sheets:
    """Sheets of an example dataset: rows of text by heading, by sheet.

    Parameters
    ----------
    name : str
        ``kaliombo-2023`` or ``kota-contoh``.

    Raises
    ------
    KeyError
        For another name.
    """
    return _BUILDERS[name]()


def _kaliombo() -> Sheets:
    return _drawn("kaliombo-2023", [KALIOMBO], digits=4)


def city(kelurahan: int, units: int, rw: int) -> Sheets:
    """A city of ``kelurahan`` made-up kelurahan with so many RT and RW in all."""
    rng = Random("kota-contoh")
    sizes = split(units, [rng.randint(20, 45) for _ in range(kelurahan)])
    rws = split(rw, sizes)
    blueprints = []
    for n, (size, parts) in enumerate(zip(sizes, rws, strict=True), start=1):
        families = size * rng.randint(52, 64)
        blueprints.append(
            Blueprint(
                name=f"Kelurahan Contoh {n:02d}",
                rw_sizes=split(size, [1] * parts),
                families=families,
                residents=families * 3 - rng.randint(0, families // 8),
            )
        )
    return _drawn("kota-contoh", blueprints, digits=5)


def _drawn(seed: str, blueprints: list[Blueprint], digits: int) -> Sheets:
    sheets: Sheets = {name: [] for name in SHEETS}
    ids = (f"U-{n:0{digits}d}" for n in count(1))
    letters = (f"S-{n:0{digits}d}" for n in count(1))
    for blueprint in blueprints:
        # A kelurahan has its own stream: changing one leaves the others as they are.
        rng = Random(f"{seed}/{blueprint.name}")
        add_kelurahan(blueprint, rng, sheets, ids, letters)
    return sheets


_BUILDERS: dict[str, Callable[[], Sheets]] = {
    "kaliombo-2023": _kaliombo,
    "kota-contoh": partial(city, kelurahan=46, units=1478, rw=330),
}
NAMES = tuple(_BUILDERS)
