"""One made-up kelurahan: its RT, what they want, what the meetings recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from statistics import median

from optimizer.money import split
from tools.demo.activities import activities
from tools.demo.rows import Rt, Sheets, letter_row, meeting_row, place, proposal_row, rt_list
from tools.demo.votes import ballots, field_ballots, hand_counts
from tools.demo.wishes import (
    CALM,
    COMPETING,
    HEAVY,
    MANDATORY,
    Profile,
    Wish,
    draw_list,
    draw_wish,
    joint_pool,
)

__all__ = ["Blueprint", "add_kelurahan"]

RT_OF_KALIOMBO = 47
ATTENDANCE = (8, 40)
# Gayam's RT gave Rp5 million each to their Koperasi RW (news): a contribution that RT bear.
MOST_FOR_KOPERASI = 5_000_000
JOINT_WANTS = (1.78, 2.48)
PARK_FROM = 30
FIRST_MUSKEL = date(2022, 2, 1)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What is given about a kelurahan; everything else is drawn.

    Attributes
    ----------
    rw_sizes : tuple of int
        Number of RT in each RW.
    families, residents : int
        Totals, met exactly.
    medians : tuple of int or None
        Median families and median attendance over the RT, met exactly where given.
    emas, koperasi
        RW whose RT 03 has English Massive, and RW with a koperasi that asks for capital.
    drain : str
        Place of the first joint drain, where it is known.
    field_votes : bool
        Whether a third of the RT voted on fields too.
    """

    name: str
    rw_sizes: tuple[int, ...]
    families: int
    residents: int
    medians: tuple[int, int] | None = None
    emas: tuple[int, ...] = (1, 2)
    koperasi: tuple[int, ...] = (1, 3)
    drain: str = ""
    field_votes: bool = False

    @property
    def units(self) -> tuple[Rt, ...]:
        """All RT; numbers start again in each RW."""
        return tuple(
            Rt(self.name, f"{rw:02d}", f"{rt:02d}")
            for rw, size in enumerate(self.rw_sizes, start=1)
            for rt in range(1, size + 1)
        )


@dataclass
class _Draft:
    """A kelurahan while it is being drawn."""

    blueprint: Blueprint
    rng: Random
    sheets: Sheets
    ids: Iterator[str]
    letters: Iterator[str]
    units: tuple[Rt, ...]
    present: dict[Rt, int] = field(default_factory=dict)

    def some(self, share: int, among: Sequence[Rt] | None = None) -> list[Rt]:
        """So many RT as ``share`` of 47, drawn without repetition."""
        pool = list(self.units if among is None else among)
        size = max(1, round(share * len(self.units) / RT_OF_KALIOMBO))
        return self.rng.sample(pool, min(size, len(pool)))

    def below(self, rw: int) -> tuple[Rt, ...]:
        """The RT of one RW."""
        return tuple(u for u in self.units if u.rw == f"{rw:02d}")


def add_kelurahan(
    blueprint: Blueprint, rng: Random, sheets: Sheets, ids: Iterator[str], letters: Iterator[str]
) -> None:
    """Draw one kelurahan and append its rows to the sheets.

    Parameters
    ----------
    ids, letters
        Where the ids of proposals and of recorded letters come from.
    """
    draft = _Draft(blueprint, rng, sheets, ids, letters, blueprint.units)
    _territory(draft)
    shared = _rw_wishes(draft)
    burden = {u: sum(w.cost // len(us) for w, us in shared if u in us) for u in draft.units}
    _rt_lists(draft, burden)
    _add_rw_lists(draft, shared)
    _muskel(draft)
    if blueprint.field_votes:
        _field_votes(draft)


def _territory(draft: _Draft) -> None:
    rng, blueprint = draft.rng, draft.blueprint
    while True:
        size = [rng.randint(45, 75) for _ in draft.units]
        families = split(blueprint.families, size)
        present = [min(f, round(rng.triangular(*ATTENDANCE, 18))) for f in families]
        medians = (median(families), median(present))
        if blueprint.medians in (None, medians):
            break
    residents = split(blueprint.residents, [f * rng.randint(27, 32) for f in families])
    unsigned = draft.some(3)
    for n, unit in enumerate(draft.units):
        draft.present[unit] = present[n]
        draft.sheets["wilayah"].append(
            {
                "kelurahan": unit.kelurahan,
                "rw": unit.rw,
                "rt": unit.rt,
                "kk": str(families[n]),
                "jiwa": str(residents[n]),
                "pagu": "100000000",
            }
        )
        draft.sheets["rembug"].append(
            meeting_row(
                unit, _day(rng, 10, 40), families[n], present[n], signed=unit not in unsigned
            )
        )


def _day(rng: Random, first: int, last: int) -> str:
    return (FIRST_MUSKEL + timedelta(days=rng.randint(first, last))).isoformat()


def _rw_wishes(draft: _Draft) -> list[tuple[Wish, tuple[Rt, ...]]]:
    """Shared RW proposals with the RT that pay for them in equal parts."""
    table, rng = activities(), draft.rng
    rws = range(1, len(draft.blueprint.rw_sizes) + 1)
    wishes: list[tuple[Wish, tuple[Rt, ...]]] = []
    for rw in draft.blueprint.koperasi:
        payers = draft.below(rw)
        if len(payers) > 5:  # one RT stays out: taking part is a choice
            payers = payers[:-1]
        # A koperasi of few RT asks for the least; otherwise dearer ones are drawn again.
        most = max(table["koperasi"].price[0], MOST_FOR_KOPERASI * len(payers))
        wish = draw_wish(rng, table["koperasi"])
        while wish.cost > most:
            wish = draw_wish(rng, table["koperasi"])
        wishes.append((wish, payers))
    for rw in sorted(rng.sample(list(rws), len(rws) // 2)):
        wishes.append((draw_wish(rng, table["antropometri"]), draft.below(rw)))
    return wishes


# --- lists of the RT --------------------------------------------------------------------


def _rt_lists(draft: _Draft, burden: Mapping[Rt, int]) -> None:
    profiles = _profiles(draft)
    fixed = _fixed(draft, [u for u, p in profiles.items() if p is HEAVY])
    kinds = _vote_kinds(draft)
    gaps: list[tuple[Rt, str]] = []
    for unit in draft.units:
        wishes = draw_list(draft.rng, profiles[unit], fixed[unit], burden[unit])
        open_ids = _add_list(draft, unit, wishes)
        _record_votes(draft, unit, kinds.get(unit, ""), open_ids)
        if "jkn" not in fixed[unit]:
            _add_letter(draft, unit, "jkn", "D")
        fields = {w.activity.field for w in wishes}
        gaps += [(unit, f) for f in ("pendidikan", "kepemudaan") if f not in fields]
    without = {"pendidikan": "sekolah", "kepemudaan": "olahraga"}
    chosen = draft.rng.sample(gaps, round(0.4 * len(gaps)))
    for unit, name in sorted(chosen, key=lambda pair: (draft.units.index(pair[0]), pair[1])):
        _add_letter(draft, unit, without[name], "E")


def _profiles(draft: _Draft) -> dict[Rt, Profile]:
    busy = draft.some(12)
    heavy = set(busy[: max(1, len(busy) // 7)])
    return {u: HEAVY if u in heavy else COMPETING if u in busy else CALM for u in draft.units}


def _fixed(draft: _Draft, heavy: Sequence[Rt]) -> dict[Rt, list[str]]:
    """Activities that certain RT ask for in any case."""
    rest = [u for u in draft.units if u not in heavy]
    asked = {
        "gedung_tpq": [heavy[0]],
        "jkn": draft.some(9),
        "tenda": draft.some(3, rest),
        "olahraga": draft.some(7, rest),
        "emas": [u for rw in draft.blueprint.emas for u in draft.below(rw) if u.rt == "03"],
    }
    return {u: [key for key, units in asked.items() if u in units] for u in draft.units}


def _vote_kinds(draft: _Draft) -> dict[Rt, str]:
    """Kind of ballots, or ``hitung`` for hand counts; the other RT have an order only."""
    paper = draft.some(7)
    counted = draft.some(12, [u for u in draft.units if u not in paper])
    kinds = ["urutan", "poin", *["setuju"] * len(paper)] if len(paper) > 2 else ["setuju"] * 2
    return {**dict.fromkeys(counted, "hitung"), **dict(zip(paper, kinds, strict=False))}


def _add_list(draft: _Draft, unit: Rt, wishes: Sequence[Wish]) -> list[str]:
    """Append an RT's list; return the ids that residents vote on."""
    voted: list[str] = []
    for rank, wish in enumerate(wishes, start=1):
        proposal = next(draft.ids)
        key = wish.activity.key
        article = MANDATORY.get(key, "")
        where = f"Gang {draft.rng.randint(1, 6)}" if wish.activity.infrastructure else ""
        draft.sheets["usulan"].append(
            proposal_row(
                proposal,
                unit,
                rank,
                wish,
                uraian=f"{wish.activity.name}, {where}" if where else "",
                lokasi=f"{where}, {place(unit)}" if where else place(unit),
                penempatan={"jkn": "Dinas Kesehatan", "pelatihan": "Dinkop UMTK"}.get(
                    key, place(unit)
                ),
                status="wajib" if article else "terbuka",
                alasan=f"kegiatan wajib, Perwali 32/2021 pasal {article}" if article else "",
                catatan="di luar menu, perlu verifikasi" if key == "tenda" else "",
            )
        )
        if not article and key != "biaya_umum":
            voted.append(proposal)
    return voted


def _record_votes(draft: _Draft, unit: Rt, kind: str, ids: Sequence[str]) -> None:
    where = {"kelurahan": unit.kelurahan, "rw": unit.rw, "rt": unit.rt}
    present = draft.present[unit]
    if kind == "hitung":
        for proposal, hands in hand_counts(draft.rng, ids, present).items():
            draft.sheets["dukungan"].append({"id_usulan": proposal, **where, "jumlah": str(hands)})
    elif kind:
        for choice, size in ballots(draft.rng, kind, ids, present):
            draft.sheets["suara"].append(
                {**where, "jenis": kind, "pilihan": choice, "banyak": str(size)}
            )


def _field_votes(draft: _Draft) -> None:
    """Votes on fields, drawn apart, so that everything else stays as it is without them."""
    for unit in draft.units:
        rng = Random(f"bidang/{place(unit)} {unit.kelurahan}")
        if rng.random() < 1 / 3:
            where = {"kelurahan": unit.kelurahan, "rw": unit.rw, "rt": unit.rt}
            draft.sheets["suara"] += [
                {**where, "jenis": "bidang", "pilihan": choice, "banyak": str(size)}
                for choice, size in field_ballots(rng, draft.present[unit])
            ]


def _add_letter(draft: _Draft, unit: Rt, key: str, letter: str) -> None:
    draft.sheets["usulan"].append(letter_row(next(draft.letters), unit, activities()[key], letter))


# --- lists of the RW and of the muskel --------------------------------------------------


def _add_rw_lists(draft: _Draft, shared: Sequence[tuple[Wish, tuple[Rt, ...]]]) -> None:
    ranks: dict[str, int] = {}
    for wish, payers in sorted(shared, key=lambda pair: pair[1][0].rw):
        owner = Rt(payers[0].kelurahan, payers[0].rw, "")
        ranks[owner.rw] = ranks.get(owner.rw, 0) + 1
        draft.sheets["usulan"].append(
            proposal_row(
                next(draft.ids),
                owner,
                ranks[owner.rw],
                wish,
                lokasi=place(owner),
                peserta_iuran=rt_list(payers),
                penempatan=place(payers[0]),
                status="terbuka",
            )
        )


def _muskel(draft: _Draft) -> None:
    owner = Rt(draft.blueprint.name, "", "")
    draft.sheets["rembug"].append(
        meeting_row(owner, FIRST_MUSKEL.isoformat(), 60, draft.rng.randint(35, 55), signed=True)
    )
    for rank, (wish, known) in enumerate(_joint_wishes(draft), start=1):
        served = _served(draft) if wish.activity.key != "taman" else ()
        where = known or " sampai ".join(dict.fromkeys((served[0], served[-1])))
        host = draft.rng.choice([u for u in draft.units if not served or f"RW {u.rw}" in served])
        draft.sheets["usulan"].append(
            proposal_row(
                next(draft.ids),
                owner,
                rank,
                wish,
                uraian=f"{wish.activity.name}, {where}",
                lokasi=where,
                penerima="; ".join(served),
                penempatan=place(host),
                status="terbuka",
            )
        )
    draft.sheets["usulan"].append(
        proposal_row(
            next(draft.ids),
            owner,
            None,
            draw_wish(draft.rng, activities()["kampung_keren"]),
            status="tidak diajukan",
            alasan="Lurah menilai belum siap dikelola; dicatat dalam berita acara muskel (contoh)",
        )
    )


def _joint_wishes(draft: _Draft) -> list[tuple[Wish, str]]:
    """Joint projects, each with its place where known, in the muskel's order."""
    table, rng = activities(), draft.rng
    drain, paving = table["drainase_lintas"], table["paving_rw"]
    templates = [(drain, draft.blueprint.drain), *[(drain, "")] * 3]
    templates += [(table["trotoar"], ""), *[(paving, "")] * 2]
    if len(draft.units) >= PARK_FROM:
        templates.append((table["taman"], "tanah kelurahan"))
    pool = joint_pool(len(draft.units))
    while True:
        wishes = [(draw_wish(rng, activity), where) for activity, where in templates]
        if JOINT_WANTS[0] <= sum(w.cost for w, _ in wishes) / pool <= JOINT_WANTS[1]:
            rng.shuffle(wishes)
            return wishes


def _served(draft: _Draft) -> tuple[str, ...]:
    """One to four neighbouring RW."""
    total = len(draft.blueprint.rw_sizes)
    size = draft.rng.randint(1, min(4, total))
    first = draft.rng.randint(1, total - size + 1)
    return tuple(f"RW {rw:02d}" for rw in range(first, first + size))
