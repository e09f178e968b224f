"""One bundle: territory, proposals, meeting results, and what is known about their truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from optimizer.errors import Finding
from optimizer.record.meetings import Ballot, Results
from optimizer.record.proposals import Proposal, Status
from optimizer.territory import Territory, natural_key

__all__ = ["Dataset", "Metadata"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What ``dataset.yaml`` says.

    Attributes
    ----------
    real, made_up
        What is real and what is made up, by language.
    kecamatan
        Kecamatan by kelurahan.
    """

    name: str
    fiscal_year: int = 0
    kota: str = ""
    kecamatan: Mapping[str, str] = field(default_factory=dict)
    real: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made_up: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made_up_notice: bool = False
    sources: tuple[str, ...] = ()


def _canonical(proposal: Proposal) -> Proposal:
    """Its places in natural order; the odd rupiah of a shared cost falls on the first."""
    paying = proposal.participants
    if not paying and not proposal.beneficiaries:
        return proposal
    order = sorted(range(len(paying)), key=lambda k: natural_key(paying[k]))
    shared = len(proposal.shares) == len(paying)
    return replace(
        proposal,
        participants=tuple(paying[k] for k in order),
        shares=tuple(proposal.shares[k] for k in order) if shared else proposal.shares,
        beneficiaries=tuple(sorted(proposal.beneficiaries, key=natural_key)),
    )


@dataclass(frozen=True)
class Dataset:
    """Everything that was recorded; proposals are in natural order of their ids.

    Attributes
    ----------
    letters
        Recorded letters: (unit id, letter, what it is about), where the last is an activity id
        as recorded or a field id.
    """

    meta: Metadata
    territory: Territory
    proposals: tuple[Proposal, ...]
    results: Results = Results()
    letters: tuple[tuple[str, str, str], ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def build(
        cls,
        meta: Metadata,
        territory: Territory,
        proposals: Iterable[Proposal],
        results: Results | None = None,
        *,
        letters: Iterable[tuple[str, str, str]] = (),
        findings: Iterable[Finding] = (),
    ) -> Dataset:
        """Bundle the parts in canonical order, so that row order never matters."""
        results = results or Results()
        ordered = replace(
            results,
            meetings=tuple(
                sorted(results.meetings, key=lambda m: (natural_key(m.place), m.date, repr(m)))
            ),
            counts=tuple(
                sorted(
                    results.counts,
                    key=lambda c: (natural_key(c.proposal), natural_key(c.place), c.supporters),
                )
            ),
            ballots=_sorted(results.ballots),
            field_votes=_sorted(results.field_votes),
        )
        return cls(
            meta=meta,
            territory=territory,
            proposals=tuple(
                sorted((_canonical(p) for p in proposals), key=lambda p: natural_key(p.id))
            ),
            results=ordered,
            letters=tuple(sorted(set(letters))),
            findings=tuple(findings),
        )

    @cached_property
    def by_id(self) -> Mapping[str, Proposal]:
        """Proposals by id."""
        return {p.id: p for p in self.proposals}

    @cached_property
    def lists(self) -> Mapping[str, tuple[Proposal, ...]]:
        """Each owner's list in order of priority; items without a rank follow in id order.

        What was not proposed (status ``tidak diajukan``) is not in a list.
        """
        lists: dict[str, list[Proposal]] = defaultdict(list)
        for proposal in self.proposals:
            if proposal.status is not Status.EXCLUDED:
                lists[proposal.owner].append(proposal)
        return {
            owner: tuple(sorted(items, key=lambda p: (p.rank is None, p.rank or 0)))
            for owner, items in sorted(lists.items(), key=lambda pair: natural_key(pair[0]))
        }

    @cached_property
    def ranked(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of each owner's ranked items, in order."""
        return {
            owner: tuple(p.id for p in items if p.rank is not None)
            for owner, items in self.lists.items()
        }

    def payers(self, proposal: Proposal) -> tuple[str, ...]:
        """Units that pay for a proposal outside the pool, in natural order."""
        return proposal.participants or self.territory.units_below(proposal.owner)

    def served(self, proposal: Proposal) -> tuple[str, ...]:
        """Units whose residents a proposal serves."""
        return proposal.beneficiaries or self.territory.units_below(proposal.owner)


def _sorted(ballots: Iterable[Ballot]) -> tuple[Ballot, ...]:
    return tuple(
        sorted(ballots, key=lambda b: (natural_key(b.place), b.kind.value, b.choices, b.count))
    )
