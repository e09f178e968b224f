"""What a trial changes: which proposals enter, leave, or get another volume."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from optimizer.plan import Plan
from optimizer.record.proposals import Proposal
from optimizer.ui.cards import volume_words
from optimizer.ui.words import escape, rupiah, t

__all__ = ["Changes", "changes", "show_changes"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Proposals that differ between two plans of the same lists."""

    entering: tuple[Proposal, ...]
    leaving: tuple[Proposal, ...]
    resized: tuple[Proposal, ...]

    def __len__(self) -> int:
        return len(self.entering) + len(self.leaving) + len(self.resized)


def changes(before: Plan, after: Plan) -> Changes:
    """Compare two plans by the volume of every proposal."""
    entering, leaving, resized = [], [], []
    for proposal in after.scenario.dataset.proposals:
        old, new = before.volumes.get(proposal.id), after.volumes.get(proposal.id)
        if new and not old:
            entering.append(proposal)
        elif old and not new:
            leaving.append(proposal)
        elif old != new:
            resized.append(proposal)
    return Changes(tuple(entering), tuple(leaving), tuple(resized))


def show_changes(before: Plan, after: Plan, unit: str) -> None:
    """The changes of one unit's list by name, and how many there are elsewhere."""
    found = changes(before, after)
    here = [f'<ul class="rb-changes" aria-label="{escape(t("change.title"))}">']
    for kind, proposals in (("in", found.entering), ("out", found.leaving)):
        here += [
            f"<li><b>{escape(t(f'change.{kind}'))}</b> {escape(p.title)} "
            f"({escape(rupiah((after if kind == 'in' else before).cost(p)))})</li>"
            for p in proposals
            if p.owner == unit
        ]
    here += [
        f"<li><b>{escape(t('change.size'))}</b> {escape(p.title)}: "
        f"{escape(volume_words(p, before.volumes[p.id]))} → "
        f"{escape(volume_words(p, after.volumes[p.id]))}</li>"
        for p in found.resized
        if p.owner == unit
    ]
    items = [*found.entering, *found.leaving, *found.resized]
    own = sum(p.owner == unit for p in items)
    st.markdown(f"**{t('change.title')}**")
    if own:
        st.html("".join([*here, "</ul>"]))
    else:
        st.markdown(t("change.none"))
    if len(found) > own:
        st.caption(t("change.elsewhere", count=len(found) - own))
