"""What a person tries out: steps on a copy of the scenario, each of which can be undone.

Recorded results are never changed: every run starts from the scenario as it was read and takes
the steps again. The steps fit into a link, so a reload or a shared address shows the same trial;
a link is foreign input and is read as such.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from optimizer.errors import RembugError, ScenarioError
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import Count
from optimizer.record.scenario import Pin, Scenario, Stage, override
from optimizer.territory import place_words

__all__ = [
    "Even", "Joint", "Order", "Pinned", "Step", "Support", "Volume", "canonical", "decode",
    "encode", "simulate", "usable",
]  # fmt: skip

MAX_STEPS = 200
MAX_LINK = 6_000
MAX_PLAIN = 60_000

_Id = Annotated[str, Field(min_length=1, max_length=60)]


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Even(_Step):
    """Evenness of the plan: α in percent, "prioritas teratas dulu ↔ semua bidang kebagian"."""

    op: Literal["even"] = "even"
    percent: int = Field(ge=0, le=100)


class Joint(_Step):
    """The joint share, in per mille of the pagu."""

    op: Literal["joint"] = "joint"
    per_mille: int = Field(ge=0, le=1000)


class Order(_Step):
    """A list in another order of priority."""

    op: Literal["order"] = "order"
    owner: _Id
    ids: tuple[_Id, ...] = Field(max_length=300)


class Support(_Step):
    """Another count of supporters."""

    op: Literal["support"] = "support"
    id: _Id
    count: int = Field(ge=0, le=100_000)


class Volume(_Step):
    """Another volume, as decimal text."""

    op: Literal["volume"] = "volume"
    id: _Id
    value: str = Field(pattern=r"^\d{1,9}(\.\d{1,4})?$")


class Pinned(_Step):
    """A proposal put in or out by hand (or, with ``None``, left to the computation again)."""

    op: Literal["pin"] = "pin"
    id: _Id
    inside: bool | None
    reason: str = Field("", max_length=300)


Step = Annotated[Even | Joint | Order | Support | Volume | Pinned, Field(discriminator="op")]
_STEPS: TypeAdapter[tuple[Step, ...]] = TypeAdapter(
    Annotated[tuple[Step, ...], Field(max_length=MAX_STEPS)]
)


def canonical(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps with the same effect, where sliders stand last and only where they stand now."""
    sliders = {step.op: step for step in steps if isinstance(step, Even | Joint)}
    others = (step for step in steps if step.op not in sliders)
    return (*others, *(sliders[op] for op in sorted(sliders)))


def simulate(scenario: Scenario, steps: Sequence[Step]) -> Scenario:
    """The scenario with all steps taken, in their order.

    Raises
    ------
    ScenarioError
        A step names something that the scenario does not have, or a number out of range.
    """
    for step in steps:
        scenario = _take(scenario, step)
    return scenario


def usable(scenario: Scenario, steps: Sequence[Step]) -> tuple[tuple[Step, ...], int]:
    """The steps that fit this scenario, and how many do not."""
    kept: list[Step] = []
    for step in steps:
        try:
            scenario = _take(scenario, step)
        except RembugError:
            continue
        kept.append(step)
    return tuple(kept), len(steps) - len(kept)


def _take(scenario: Scenario, step: Step) -> Scenario:
    match step:
        case Even(percent=percent):
            welfare = Stage("welfare")
            staged = replace(scenario, stages=(welfare, Stage("fill")), order_as_borda=True)
            return override(staged, "objective.evenness", percent / 100)
        case Joint(per_mille=share):
            return override(scenario, "joint_share", share / 1000)
        case Order(owner=owner, ids=ids):
            return replace(scenario, dataset=_reordered(scenario.dataset, owner, ids))
        case Support(id=proposal, count=count):
            return replace(scenario, dataset=_recounted(scenario.dataset, proposal, count))
        case Volume(id=proposal, value=value):
            return override(scenario, f"proposals.{proposal}.volume", value)
        case Pinned(id=proposal, inside=None):
            return replace(scenario, pins=tuple(p for p in scenario.pins if p.proposal != proposal))
        case Pinned(id=proposal, inside=inside, reason=reason):
            _known(scenario.dataset, proposal)
            if not reason.strip():
                raise ScenarioError("pin_reason")
            return scenario.with_pin(Pin(proposal, bool(inside), reason.strip()))


def _known(dataset: Dataset, proposal: str) -> None:
    if proposal not in dataset.by_id:
        raise ScenarioError("unknown_proposal", id=proposal, near="-")


def _reordered(dataset: Dataset, owner: str, ids: Sequence[str]) -> Dataset:
    if sorted(ids) != sorted(dataset.ranked.get(owner, ())):
        raise ScenarioError("order_other_list", owner=owner)
    ranks = {proposal: rank for rank, proposal in enumerate(ids, start=1)}
    return replace(
        dataset,
        proposals=tuple(
            replace(p, rank=ranks[p.id]) if p.id in ranks else p for p in dataset.proposals
        ),
    )


def _recounted(dataset: Dataset, proposal: str, count: int) -> Dataset:
    _known(dataset, proposal)
    place = dataset.by_id[proposal].owner
    counts = dataset.results.counts
    if not any(c.place == place for c in counts):
        raise ScenarioError("no_counts", place=place_words(place))
    kept = [c for c in counts if (c.proposal, c.place) != (proposal, place)]
    return Dataset.build(
        dataset.meta,
        dataset.territory,
        dataset.proposals,
        replace(dataset.results, counts=(*kept, Count(proposal, place, count))),
        letters=dataset.letters,
        findings=dataset.findings,
    )


# --- links ------------------------------------------------------------------------------


def encode(steps: Sequence[Step]) -> str:
    """The steps as text for a link; empty for none, or where they would make it too long."""
    if not steps:
        return ""
    plain = _STEPS.dump_json(tuple(steps))
    link = base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode().rstrip("=")
    return link if len(link) <= MAX_LINK else ""


def decode(link: str) -> tuple[Step, ...] | None:
    """The steps of a link; ``None`` where it was damaged or tampered with."""
    if not link:
        return ()
    if len(link) > MAX_LINK:
        return None
    try:
        packed = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
        # Never more than a page of text, whatever the packed form promises.
        plain = zlib.decompressobj().decompress(packed, MAX_PLAIN)
        return _STEPS.validate_json(plain)
    except (binascii.Error, zlib.error, ValidationError, ValueError):
        return None
