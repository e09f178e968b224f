"""The sheets ``usulan`` and ``gabungan``: proposals and who shares in paying them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.files.collect import Collector
from optimizer.files.datasets_cells import MAX_AMOUNT, Line
from optimizer.files.datasets_places import Places
from optimizer.record.proposals import Proposal, Status
from optimizer.territory import full_place, natural_key

__all__ = ["Proposals", "read_proposals"]

MAX_STEPS = 10_000
_LETTER = re.compile(r"\b(?:lampiran|letter)\s+([de])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposals:
    """Proposals with ids, the recorded letters, and every id that a row may refer to."""

    proposals: tuple[Proposal, ...]
    letters: tuple[tuple[str, str, str], ...]
    ids: frozenset[str]
    owners: Mapping[str, str]


def read_proposals(
    lines: Sequence[Line], shares: Sequence[Line], places: Places, report: Collector
) -> Proposals:
    """Interpret both sheets.

    Parameters
    ----------
    lines, shares
        Lines of ``usulan`` and of ``gabungan``.
    """
    again = _repeated(lines, report)
    read = [(line, _proposal(line, places, report)) for line in lines]
    drafts = [(line, p) for line, p in read if p and line.place.row not in again]
    named = {line["id"] for line in lines if line["id"]}
    proposals = _numbered(drafts, named, report)
    _ranks_twice(proposals, report)
    letters = [x for line, p in proposals if (x := _letter(line, p, places, report))]
    owners = {p.id: p.owner for _, p in proposals}
    ids = frozenset(named | set(owners))
    paid = _shared(shares, {p.id: (line, p) for line, p in proposals}, ids, places, report)
    return Proposals(tuple(paid.get(p.id, p) for _, p in proposals), tuple(letters), ids, owners)


# --- one proposal -----------------------------------------------------------------------


def _proposal(line: Line, places: Places, report: Collector) -> Proposal | None:
    level = (line["tingkat"] or "").lower()
    owner = places.node(line, level) if level else None
    status = Status(line["status"] or Status.OPEN)
    amounts = _amounts(line, status, report)
    if status is not Status.OPEN and not line["alasan"]:
        report.warning("reason_missing", line.at("alasan"), status=status.value)
    if line["urutan"] == 0:
        report.error("rank_zero", line.at("urutan"))
    if owner is None:
        return None
    beneficiaries = places.units(line, "penerima", owner)
    participants = places.units(line, "peserta_iuran", owner)
    if beneficiaries is None or participants is None or amounts is None or not line.ok:
        return None
    price, volume, least, step = amounts
    return Proposal(
        id=line["id"] or "",
        level=level,
        owner=owner,
        activity=line["kegiatan"],
        unit_price=price,
        volume=volume,
        least=least,
        step=step,
        rank=line["urutan"],
        field=line["bidang"] or "",
        description=line["uraian"] or "",
        measure=line["satuan"] or "",
        own_funds=line["swadaya"] or 0,
        location=line["lokasi"] or "",
        beneficiaries=beneficiaries,
        participants=participants,
        booking=line["penempatan"] or "",
        status=status,
        reason=line["alasan"] or "",
        note=line["catatan"] or "",
    )


_Amounts = tuple[int, Fraction, Fraction, Fraction]


def _amounts(line: Line, status: Status, report: Collector) -> _Amounts | None:
    """Price, volume, least volume and step; ``None`` after recording what is wrong."""
    price, volume = line["harga_satuan"], line["volume"]
    good = not _unreadable(
        line, "harga_satuan", "volume", "volume_minimum", "langkah_volume", "swadaya"
    )
    if good and status is Status.EXCLUDED and not price and volume is None:
        # A letter needs no price: nothing is asked for.
        return (0, Fraction(1), Fraction(1), Fraction(1))
    free = price == 0 and status is Status.EXCLUDED
    for column, value in (("harga_satuan", price), ("volume", volume)):
        if value is None and not _unreadable(line, column):
            report.error("cell_missing", line.at(column))
            good = False
        elif value is not None and value <= 0 and not (free and column == "harga_satuan"):
            report.error("not_positive", line.at(column))
            good = False
    # What is wrong with the volumes does not depend on the price, and is told beside it.
    known = volume is not None and volume > 0
    known = known and not _unreadable(line, "volume_minimum", "langkah_volume")
    volumes = _volumes(line, volume, report) if known else None
    if not good or volumes is None:
        return None
    least, step = volumes
    return (price, volume, least, step) if _costs_fit(line, price, least, step, report) else None


def _unreadable(line: Line, *columns: str) -> bool:
    return any(line[c] is None and str(line.cells.get(c) or "").strip() for c in columns)


def _volumes(line: Line, volume: Fraction, report: Collector) -> tuple[Fraction, Fraction] | None:
    """Least volume and step; both the asked volume where it cannot be reduced."""
    least, step = line["volume_minimum"], line["langkah_volume"]
    for column, value in (("volume_minimum", least), ("langkah_volume", step)):
        if value is not None and value <= 0:
            report.error("not_positive", line.at(column))
            return None
    if least is None:
        if step is not None:
            report.note("step_alone", line.at("langkah_volume"))
        return volume, volume
    if least > volume:
        report.error("least_above", line.at("volume_minimum"), volume=volume)
        return None
    if least == volume:
        return volume, volume
    if step is None:
        if least.denominator != 1 or volume.denominator != 1:
            report.error("step_missing", line.at("langkah_volume"))
            return None
        step = Fraction(1)
    return (least, step) if _steps_fit(line, volume, least, step, report) else None


def _steps_fit(
    line: Line, volume: Fraction, least: Fraction, step: Fraction, report: Collector
) -> bool:
    steps = (volume - least) / step
    if steps.denominator != 1:
        below = least + step * (steps.numerator // steps.denominator)
        report.error(
            "step_uneven",
            line.at("langkah_volume"),
            volume=volume,
            least=least,
            below=below,
            above=below + step,
        )
        return False
    if steps > MAX_STEPS:
        report.error("step_small", line.at("langkah_volume"), limit=MAX_STEPS)
        return False
    return True


def _costs_fit(line: Line, price: int, least: Fraction, step: Fraction, report: Collector) -> bool:
    own_funds, volume = line["swadaya"] or 0, line["volume"]
    if price * volume > MAX_AMOUNT:
        report.error("amount_huge", line.at("harga_satuan"))
        return False
    if own_funds < 0:
        report.error("negative", line.at("swadaya"))
        return False
    if own_funds > price * least:
        cost = int(price * least)
        report.error("own_funds_above", line.at("swadaya"), cost=cost)
        return False
    if least != volume:
        quantum = Fraction(price) * least, Fraction(price) * step
        if any(amount.denominator != 1 for amount in quantum):
            report.error("step_cost", line.at("langkah_volume"), price=price)
            return False
    return True


# --- the list as a whole ----------------------------------------------------------------

_Pairs = list[tuple[Line, Proposal]]


def _repeated(lines: Sequence[Line], report: Collector) -> set[int | None]:
    """Rows whose id came before, also where something else is wrong with one of them."""
    seen: dict[str, int | None] = {}
    again: set[int | None] = set()
    for line in lines:
        name, row = line["id"], line.place.row
        if name in seen:
            report.error("id_twice", line.at("id"), first=seen[name])
            again.add(row)
        elif name:
            seen[name] = row
    return again


def _numbered(drafts: _Pairs, taken: set[str], report: Collector) -> _Pairs:
    """Give ids to proposals without one, in the order of their content, not of their rows."""
    nameless = sorted(
        (d for d in drafts if not d[1].id),
        key=lambda d: (natural_key(d[1].owner), d[1].rank or 10**9, repr(d[1])),
    )
    numbered: _Pairs = [d for d in drafts if d[1].id]
    number = 0
    for line, proposal in nameless:
        number += 1
        while f"U-{number:04d}" in taken:
            number += 1
        name = f"U-{number:04d}"
        report.note("id_generated", line.at("id"), id=name)
        numbered.append((line, replace(proposal, id=name)))
    return numbered


def _ranks_twice(pairs: _Pairs, report: Collector) -> None:
    ranks: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line, proposal in pairs:
        if proposal.rank is not None and proposal.status is not Status.EXCLUDED:
            ranks[proposal.owner, proposal.rank].append(line)
    for (owner, _), lines in ranks.items():
        if len(lines) > 1:
            rows = ", ".join(str(line.place.row) for line in lines)
            report.warning("rank_twice", lines[1].at("urutan"), place=full_place(owner), rows=rows)


def _letter(
    line: Line, proposal: Proposal, places: Places, report: Collector
) -> tuple[str, str, str] | None:
    """A recorded letter: a proposal not made, whose reason names Lampiran D or E.

    Letter E is about the field of its row, whatever a policy calls it, letter D about the activity.
    """
    found = _LETTER.search(proposal.reason)
    if proposal.status is not Status.EXCLUDED or found is None:
        return None
    if proposal.owner not in places.territory.by_id:
        report.warning("letter_not_unit", line.at("alasan"), place=full_place(proposal.owner))
        return None
    letter = found[1].upper()
    about = (proposal.field or proposal.activity) if letter == "E" else proposal.activity
    return proposal.owner, letter, about


# --- who pays ---------------------------------------------------------------------------


def _shared(
    lines: Sequence[Line],
    proposals: Mapping[str, tuple[Line, Proposal]],
    ids: frozenset[str],
    places: Places,
    report: Collector,
) -> dict[str, Proposal]:
    """Proposals whose payers stand in ``gabungan``."""
    groups: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        name = line["id_usulan"]
        if name is None:
            continue
        if name not in ids:
            report.unknown("id_unknown", line.at("id_usulan"), ids)
        elif name in proposals:
            unit = places.unit(line, proposals[name][1].owner.split("/")[0])
            if unit is not None and unit in groups[name]:
                first = groups[name][unit].place.row
                report.error(
                    "share_twice", line.at("rt"), place=full_place(unit), id=name, first=first
                )
            elif unit is not None:
                groups[name][unit] = line
    return {
        name: _with_shares(*proposals[name], group, report)
        for name, group in groups.items()
        if group
    }


def _with_shares(
    line: Line, proposal: Proposal, group: Mapping[str, Line], report: Collector
) -> Proposal:
    units = sorted(group, key=natural_key)
    if proposal.participants and proposal.participants != tuple(units):
        report.warning("participants_replaced", line.at("peserta_iuran"), id=proposal.id)
    parts = [group[u]["bagian"] for u in units]
    given = [p for p in parts if p is not None]
    for unit, part in zip(units, parts, strict=True):
        if part is None and given and group[unit].ok:
            report.error("share_missing", group[unit].at("bagian"), id=proposal.id)
        elif part is not None and part <= 0:
            report.error("not_positive", group[unit].at("bagian"))
    complete = len(given) == len(parts)
    return replace(proposal, participants=tuple(units), shares=tuple(given) if complete else ())
