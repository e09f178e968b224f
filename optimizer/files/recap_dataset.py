"""A recap as a dataset, and a dataset as a recap: the same rows and sums both ways.

A recap knows no territory, so the budget units are the RT that occur in it, each with the
policy's pagu. Votes, losers and least volumes are not in it and are not invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.errors import Finding, InputRefused, Place, RembugError, Severity
from optimizer.files.recap import Joint, Recap, RecapRow, recap_rows
from optimizer.files.recap_model import Participant
from optimizer.files.schema import FIELDS
from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.policy import Policy
from optimizer.record.proposals import Proposal, Status, normal_text
from optimizer.rules import Listed, as_recorded
from optimizer.territory import Territory, Unit, natural_key, node_id, place_words
from optimizer.words import INDONESIAN

__all__ = [
    "UNNAMED",
    "FromRecap",
    "dataset_from_recap",
    "dataset_recap",
    "recap_of",
    "unpack",
]

UNNAMED = "Kelurahan"
"""What a kelurahan is called that the file does not name."""
NO_TEXT = "-"
EXAMPLE_MARKS = ("DATA CONTOH BUATAN", "MADE-UP EXAMPLE DATA")
SIMULATION_MARKS = ("SIMULASI", "SIMULATION")
_PACKED = re.compile(r"(\d+(?:,\d+)?) (\S.*)")


@dataclass(frozen=True)
class FromRecap:
    """A recap's dataset and what the recap could not tell.

    Attributes
    ----------
    rows
        The recap's row of each proposal.
    participants
        Proposals shared by several RT whose payers are recorded.
    participants_known, pool_known
        As in :class:`~optimizer.rules.Listed`.
    unpriced, uncounted
        Proposals whose cost or volume could not be read; they stand in the dataset with 0
        rupiah or as one unit, and no rule on them may be judged.
    left_out
        Rows that belong to no RT of the recap, each with its finding in the dataset.
    simulated
        The file says of itself that it was computed: it is no record of a meeting.
    """

    dataset: Dataset
    recap: Recap
    rows: Mapping[str, RecapRow]
    participants: frozenset[str]
    participants_known: bool
    pool_known: bool
    unpriced: frozenset[str]
    uncounted: frozenset[str]
    left_out: tuple[RecapRow, ...]
    simulated: bool = False

    def listed(self, policy: Policy) -> Listed:
        """The list as recorded; nobody is charged for what nobody is known to pay."""
        listed = as_recorded(self.dataset, policy)
        known = {k: v for k, v in listed.contributions.items() if k[1] in self.participants}
        return replace(
            listed,
            contributions=known,
            participants_known=self.participants_known,
            pool_known=self.pool_known,
        )

    def priced(self) -> Dataset:
        """The dataset without the rows whose cost could not be read: what may be stored."""
        kept = (p for p in self.dataset.proposals if p.id not in self.unpriced)
        return replace(self.dataset, proposals=tuple(kept))


def dataset_from_recap(recap: Recap, policy: Policy) -> FromRecap:
    """Make a dataset of a recap: one proposal for each row.

    Parameters
    ----------
    policy
        Gives the pagu of each RT, which no recap holds.

    Raises
    ------
    RembugError
        ``recap_without_rt`` where not one row belongs to an RT.
    InputRefused
        With the reader's findings, where they are why.
    """
    rows = tuple(_with_kelurahan(recap, r) for r in recap.rows)
    units = sorted({r.owner for r in rows if _is_unit(r)}, key=natural_key)
    if not units and any(f.severity is Severity.ERROR for f in recap.findings):
        raise InputRefused(recap.findings, recap.name)
    if not units:
        raise RembugError("recap_without_rt", name=recap.name)
    territory = Territory(Unit(*_parts(u), budget=policy.pagu, by_policy=True) for u in units)
    known = _payers(recap, rows, territory)
    findings = [*recap.findings]
    proposals, of, left_out = [], {}, []
    for row, proposal_id in zip(rows, _ids(rows), strict=True):
        owner = row.owner
        payers, shares = known.get((row.sheet, row.row), ((), ()))
        if payers and not row.joint:
            # Booked at one RT, paid by several: the booking place is kept apart from the payers.
            owner = _common(payers)
        if owner not in territory:
            left_out.append(row)
            findings.append(_nowhere(recap, row))
            continue
        level = territory.level(owner)
        proposals.append(_proposal(row, proposal_id, owner, level, (payers, shares)))
        of[proposal_id] = row
    dataset = Dataset.build(
        Metadata(
            name=recap.title or recap.name,
            fiscal_year=recap.year or policy.fiscal_year,
            made_up_notice=_says(recap, EXAMPLE_MARKS),
            sources=(recap.name,),
        ),
        territory,
        proposals,
        findings=findings,
    )
    shared = [p for p in dataset.proposals if len(dataset.payers(p)) > 1]
    with_payers = frozenset(p.id for p in shared if p.participants)
    outside = [p for p in shared if not _pooled(policy, p)]
    return FromRecap(
        dataset=dataset,
        recap=recap,
        rows=of,
        participants=with_payers,
        participants_known=all(p.id in with_payers for p in outside),
        pool_known=any(_pooled(policy, p) for p in dataset.proposals),
        unpriced=frozenset(i for i, r in of.items() if r.cost is None or r.cost <= 0),
        uncounted=frozenset(i for i, r in of.items() if r.volume is None),
        left_out=tuple(left_out),
        simulated=_says(recap, SIMULATION_MARKS),
    )


def _says(recap: Recap, marks: tuple[str, ...]) -> bool:
    """Whether a row around the table carries one of our own marks."""
    return any(mark in aside.text for aside in recap.set_aside for mark in marks)


def _pooled(policy: Policy, proposal: Proposal) -> bool:
    account = policy.book(proposal).account
    return account is not None and account.pooled


def _with_kelurahan(recap: Recap, row: RecapRow) -> RecapRow:
    """The row with a kelurahan that can stand in a node id; no name at all is one, too."""
    name = (row.kelurahan or recap.kelurahan or UNNAMED).replace("/", "-").strip() or UNNAMED
    return row if name == row.kelurahan else replace(row, kelurahan=name)


def _is_unit(row: RecapRow) -> bool:
    return not row.joint and bool(row.rt and row.rw)


def _parts(node: str) -> tuple[str, str, str]:
    kelurahan, rw, rt = (*node.split("/"), "", "")[:3]
    return kelurahan, rw, rt


def _ids(rows: Iterable[RecapRow]) -> Iterator[str]:
    """``R-0012`` for row 12; a second sheet's rows begin with ``R2-``."""
    sheets: dict[str, int] = {}
    for row in rows:
        number = sheets.setdefault(row.sheet, len(sheets) + 1)
        yield f"R{number if number > 1 else ''}-{row.row:04d}"


def _nowhere(recap: Recap, row: RecapRow) -> Finding:
    place = Place(recap.name, row.sheet, row.row, value=row.description)
    where = place_words("/".join((row.kelurahan, row.rw, row.rt)), "/")
    return Finding("recap_row_nowhere", Severity.WARNING, place, {"where": where})


def _proposal(
    row: RecapRow,
    proposal_id: str,
    owner: str,
    level: str,
    paid: _Payers,
) -> Proposal:
    price, volume, measure = _amounts(row)
    return Proposal(
        id=proposal_id,
        level=level,
        owner=owner,
        activity=row.description or NO_TEXT,
        unit_price=price,
        volume=volume,
        least=volume,
        step=volume,
        rank=row.rank,
        field=row.field or row.field_text,
        description=row.description,
        measure=measure,
        participants=paid[0],
        shares=paid[1],
        booking=place_words(f"/{row.rw}/{row.rt}", "/") if level != "rt" and row.rt else "",
        note=row.remark,
    )


def _amounts(row: RecapRow) -> tuple[int, Fraction, str]:
    """Unit price, volume and measure; one package where the price would not be whole."""
    cost = max(0, row.cost or 0)
    if row.volume is None:
        return cost, Fraction(1), row.measure
    price = Fraction(cost) / row.volume
    if price.denominator == 1:
        return int(price), row.volume, row.measure
    number = INDONESIAN.number(row.volume, 6).replace(".", "")
    return cost, Fraction(1), f"{number} {row.measure}".strip()


def unpack(proposal: Proposal) -> tuple[Fraction | None, str]:
    """Volume and measure as recorded, also where they were kept as one package.

    Examples
    --------
    >>> package = Proposal("R-0001", "rt", "K/01/01", "CCTV", 10_000_000, Fraction(1),
    ...     Fraction(1), Fraction(1), measure="7 unit")
    >>> unpack(package)
    (Fraction(7, 1), 'unit')
    """
    match = _PACKED.fullmatch(proposal.measure) if proposal.volume == 1 else None
    if match is None:
        return proposal.volume, proposal.measure
    return Fraction(match[1].replace(",", ".")), match[2]


# --- who pays ---------------------------------------------------------------------------

_Payers = tuple[tuple[str, ...], tuple[int, ...]]


def _payers(
    recap: Recap, rows: tuple[RecapRow, ...], territory: Territory
) -> dict[tuple[str, int], _Payers]:
    """The RT that share a row, and their parts where all are written.

    A participant that is no RT of this recap leaves the row's payers unknown.
    """
    found: dict[tuple[str, int], dict[str, int | None]] = {}
    broken: set[tuple[str, int]] = set()
    for participant in recap.participants:
        row = _row_of(participant, rows)
        if row is None:
            continue
        key = (row.sheet, row.row)
        kelurahan = participant.kelurahan.replace("/", "-").strip() or row.kelurahan
        unit = node_id(kelurahan, participant.rw, participant.rt)
        if unit in territory.by_id:
            found.setdefault(key, {})[unit] = participant.part
        else:
            broken.add(key)
    return {key: _ordered(parts) for key, parts in found.items() if key not in broken}


def _row_of(participant: Participant, rows: tuple[RecapRow, ...]) -> RecapRow | None:
    """The row that a participant names: joint rows and those of an RW before those of an RT."""
    wanted = normal_text(participant.proposal)
    fits = [r for r in rows if wanted in {normal_text(r.number), normal_text(r.description)}]
    return min(fits, key=_is_unit, default=None)


def _ordered(parts: Mapping[str, int | None]) -> _Payers:
    units = tuple(sorted(parts, key=natural_key))
    shares = tuple(parts[u] or 0 for u in units)
    return units, (shares if all(shares) else ())


def _common(units: tuple[str, ...]) -> str:
    """The RW of all the units, else their kelurahan."""
    above = {unit.rpartition("/")[0] for unit in units}
    return above.pop() if len(above) == 1 else units[0].split("/", 1)[0]


# --- out again --------------------------------------------------------------------------


def dataset_recap(
    dataset: Dataset, volumes: Mapping[str, Fraction] | None = None, kelurahan: str = ""
) -> tuple[tuple[str | int | None, ...], ...]:
    """Rows in the official columns (:data:`~optimizer.files.recap.RECAP_HEADINGS`).

    Parameters
    ----------
    volumes
        Volumes of a plan; without them everything that was recorded, as asked.
    kelurahan
        Only this kelurahan's rows.
    """
    return recap_rows(recap_of(dataset, volumes, kelurahan))


def recap_of(
    dataset: Dataset, volumes: Mapping[str, Fraction] | None = None, kelurahan: str = ""
) -> Recap:
    """The dataset's lists as a recap: RT in natural order, joint rows last."""
    rows = []
    for owner, items in sorted(dataset.lists.items(), key=lambda pair: _last_joint(pair[0])):
        if not kelurahan or owner.split("/", 1)[0] == kelurahan:
            rows += [r for p in items if (r := _row(p, volumes)) is not None]
    return Recap(
        name=dataset.meta.name,
        title=dataset.meta.name,
        year=dataset.meta.fiscal_year or None,
        kelurahan=kelurahan,
        rows=tuple(replace(row, row=number) for number, row in enumerate(rows, 1)),
        set_aside=(),
        participants=(),
        findings=(),
    )


def _last_joint(owner: str) -> tuple[object, ...]:
    kelurahan, *below = owner.split("/")
    return natural_key(kelurahan), 3 - len(below) if below else 3, natural_key(owner)


def _row(proposal: Proposal, volumes: Mapping[str, Fraction] | None) -> RecapRow | None:
    volume = proposal.volume if volumes is None else volumes.get(proposal.id, Fraction(0))
    if not volume or proposal.status is Status.EXCLUDED:
        return None
    kelurahan, rw, rt = _parts(proposal.owner)
    number, measure = unpack(replace(proposal, volume=volume))
    field = proposal.field.split("/")[0]
    booked = proposal.booking if proposal.level != "rt" else ""
    remark = "; ".join(t for t in (proposal.note, booked) if t)
    return RecapRow(
        sheet="",
        row=0,
        number="",
        kelurahan=kelurahan,
        rw=rw,
        rt=rt,
        joint=Joint.SAID if proposal.level == "kelurahan" else Joint.NO,
        field_text=FIELDS[field][0] if field in FIELDS else field,
        field=field,
        description=proposal.description or proposal.activity,
        volume=number,
        measure=measure,
        unit_price=None,
        cost=proposal.cost(volume),
        remark=remark,
        rank=proposal.rank or 0,
    )
