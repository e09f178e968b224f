"""Long runs of many points: asked for by a button, with progress, stoppable, nothing done is lost.

A button pressed during a run starts the page anew, which ends the run where it stands. What was
done by then lies in the session, and is shown, or continued from there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from optimizer.errors import RembugError
from optimizer.ui.words import t

__all__ = ["Run", "run_of"]

P = TypeVar("P")
R = TypeVar("R")
KEPT = 24
PATIENCE = 0.4
_RUNS = "_runs"


@dataclass
class Run:
    """One long computation of this session.

    Attributes
    ----------
    wanted, halted : bool
        Whether somebody asked for it; whether somebody stopped it.
    done
        Results by the number of their point.
    result
        What came of it, once it is whole.
    error
        Why there is no result; the same question has the same answer next time.
    """

    key: str
    wanted: bool = False
    halted: bool = False
    done: dict[int, Any] = field(default_factory=dict)
    of: int = 0
    result: Any = None
    error: RembugError | None = None
    _words: str = field(default="", repr=False)
    _begun: float = field(default=0.0, repr=False)
    _slot: DeltaGenerator | None = field(default=None, repr=False)
    _bar: DeltaGenerator | None = field(default=None, repr=False)

    def start(self) -> None:
        """Begin, or go on (for a button)."""
        self.wanted, self.halted = True, False

    def halt(self) -> None:
        """Stop (for a button); what is done stays."""
        self.halted = True

    def compute(self, label: str, question: Callable[[Run], R], words: str = "") -> R | None:
        """The result; ``None`` before it is asked for, or where nothing was done before a stop.

        Parameters
        ----------
        label
            What the button says.
        question
            Computes the result with this run as executor or progress.
        words
            What is being proved, for the bar.

        Raises
        ------
        RembugError
            Whatever ``question`` raises.
        """
        if self.result is not None:
            kept: R = self.result
            return kept
        if self.error is not None:
            raise self.error
        if not self.wanted:
            st.button(label, key=f"go_{self.key}", on_click=self.start, type="primary")
            return None
        slot = self._slot = st.empty()
        self._words, self._begun, self._bar = words, time.monotonic(), None
        if self.halted and not self.done:
            self._offer()
            return None
        try:
            found = question(self)
        except RembugError as error:
            self.error = error
            raise
        slot.empty()
        if self.halted:
            self._offer()
            return found
        self.result = found
        return found

    def __call__(
        self,
        function: Callable[[P], R],
        points: Sequence[P],
        progress: object = None,
        stop: object = None,
    ) -> dict[int, R]:
        """An executor (:mod:`optimizer.whatif.run`) that keeps each point once it is done."""
        del progress, stop
        self.of = len(points)
        if not self.halted:
            for place, point in enumerate(points):
                if place not in self.done:
                    self.report(len(self.done), self.of)
                    self.done[place] = function(point)
        return dict(self.done)

    def report(self, done: int, of: int) -> None:
        """Draw how far it is; this is also where a press of the stop button takes effect."""
        if self._bar is None:
            if self._slot is None or time.monotonic() - self._begun < PATIENCE:
                return
            box = self._slot.container(border=True)
            self._bar = box.progress(0.0)
            box.button(t("solve.stop"), key=f"stop_{self.key}", on_click=self.halt)
        text = t("scn.running", what=self._words, done=done, of=of)
        self._bar.progress(min(done / max(of, 1), 1.0), text=text)

    def _offer(self) -> None:
        with st.container(border=True):
            st.markdown(t("scn.halted", done=len(self.done), of=self.of))
            st.button(t("scn.go_on"), key=f"on_{self.key}", on_click=self.start, type="primary")


def run_of(*parts: object) -> Run:
    """The run of this session that these parts name; the oldest are forgotten."""
    runs: dict[str, Run] = st.session_state.setdefault(_RUNS, {})
    text = "_".join(str(part) for part in parts)
    key = f"{parts[0]}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    if key not in runs:
        runs[key] = Run(key)
        for old in list(runs)[:-KEPT]:
            del runs[old]
    return runs[key]
