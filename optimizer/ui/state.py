"""What one person has open: a scenario as read, and the steps tried out on a copy of it.

Everything lives in the session of one browser tab. The steps also stand in the address
(``simulasi``), so a reload shows the same trial; nothing is shared between people.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from optimizer.checking import open_source
from optimizer.errors import RembugError
from optimizer.files.scenarios import load_scenario
from optimizer.files.yamls import read_yaml
from optimizer.plan import Plan
from optimizer.record.scenario import Scenario
from optimizer.shipped import DATA, SCENARIOS
from optimizer.ui.keep import box
from optimizer.ui.simulation import MAX_STEPS, Step, canonical, decode, encode, simulate, usable
from optimizer.ui.solving import forget_halt, known_plan, plan_of

__all__ = [
    "GIVEN", "LINK", "SCENARIO_KEY", "Session", "add_own", "choices", "example", "is_own",
    "open_link", "open_own", "put", "remember", "session",
]  # fmt: skip

SCENARIO_KEY = "skenario"
LINK = "simulasi"
DEFAULT = "kaliombo-2023"
GIVEN = "data"
_TRIALS, _OWN, _DAMAGED = "_trials", "own", "_damaged"


@dataclass(frozen=True)
class Session:
    """The open scenario.

    Attributes
    ----------
    base : Scenario
        As it was read: what the meetings recorded.
    steps
        What the person tries out.
    current : Scenario
        A copy of ``base`` with the steps taken; the same object where there are none.
    """

    key: str
    base: Scenario
    base_sha: str
    steps: tuple[Step, ...]
    current: Scenario

    @property
    def simulated(self) -> bool:
        """Whether anything was changed by hand."""
        return bool(self.steps)

    def content(self, *more: Step) -> str:
        """Names the copy (with further steps) by everything that decides its plan."""
        steps = canonical((*self.steps, *more))
        taken = "".join(step.model_dump_json() for step in steps)
        return f"{self.key}:{self.base_sha}:{hashlib.sha256(taken.encode()).hexdigest()}"

    def plan(self, *more: Step) -> Plan | None:
        """The plan of the copy (with further steps); ``None`` when the person stopped it."""
        scenario = simulate(self.current, more) if more else self.current
        return plan_of(self.content(*more), scenario)

    def known(self, *more: Step) -> bool:
        """Whether that plan was computed already."""
        return known_plan(self.content(*more)) is not None

    def untouched(self) -> Session:
        """The same scenario without the steps: what was recorded."""
        return Session(self.key, self.base, self.base_sha, (), self.base)

    def push(self, *steps: Step) -> None:
        """Take further steps (for a widget's callback); the oldest can never fall out."""
        self._keep((*self.steps, *steps)[:MAX_STEPS])

    def undo(self) -> None:
        """Take the last step back."""
        self._keep(self.steps[:-1])

    def drop(self, kind: type[Step]) -> None:
        """Take back all steps of one kind."""
        self._keep([step for step in self.steps if not isinstance(step, kind)])

    def clear(self) -> None:
        """Back to what was recorded."""
        self._keep(())

    def _keep(self, steps: Sequence[Step]) -> None:
        forget_halt()
        st.session_state.pop(_DAMAGED, None)
        _trials()[self.key] = tuple(steps)


def _trials() -> dict[str, tuple[Step, ...]]:
    trials: dict[str, tuple[Step, ...]] = st.session_state.setdefault(_TRIALS, {})
    return trials


_Read = tuple[Scenario, str]


def _own() -> dict[str, _Read]:
    return box(_OWN)


def add_own(key: str, scenario: Scenario) -> None:
    """Keep a scenario that the person made or uploaded, in this session only."""
    _own()[key] = (scenario, scenario.sha256())


def is_own(key: str) -> bool:
    """Whether a scenario lives in this session only."""
    return key in _own()


def open_own(scenario: Scenario) -> None:
    """Keep a person's own scenario and open it on all pages (for a widget's callback)."""
    key = f"sendiri-{scenario.sha256()[:8]}"
    add_own(key, scenario)
    st.session_state[SCENARIO_KEY] = key


def choices() -> dict[str, str]:
    """Scenarios to choose from: key → name; those of the person first."""
    own = {key: scenario.name for key, (scenario, _) in _own().items()}
    given = {GIVEN: Path(sys.argv[1]).stem} if len(sys.argv) > 1 else {}
    shipped = _names(_signature())
    first = {DEFAULT: shipped[DEFAULT]} if DEFAULT in shipped else {}
    return own | given | first | shipped


def example() -> _Read:
    """The example that ships with the program, and its hash."""
    return _shipped(DEFAULT, _signature())


def session() -> Session:
    """The open scenario of this tab.

    Raises
    ------
    RembugError
        The scenario or its dataset cannot be read.
    """
    known = choices()
    chosen = st.session_state.get(SCENARIO_KEY)
    key = chosen if chosen in known else next(iter(known))
    base, sha = _own()[key] if key in _own() else _base(key)
    steps = _trials().get(key, ())
    kept, refused = usable(base, steps)
    if refused:
        _trials()[key] = kept
        st.session_state[_DAMAGED] = True
    return Session(key, base, sha, kept, simulate(base, kept) if kept else base)


def _base(key: str) -> _Read:
    if key == GIVEN and len(sys.argv) > 1:
        policy = sys.argv[2] if len(sys.argv) > 2 else None
        return _given(sys.argv[1], policy, _signature(Path(sys.argv[1])))
    return _shipped(key, _signature())


# --- reading, kept by what lies on the disk ---------------------------------------------


def _signature(*more: Path) -> str:
    """Changes whenever a file of the shipped scenarios and data does."""
    roots = [DATA, SCENARIOS, *more]
    files = sorted(
        f for root in roots for f in (root.rglob("*") if root.is_dir() else [root]) if f.is_file()
    )
    return "|".join(f"{f.name}:{(s := f.stat()).st_mtime_ns}:{s.st_size}" for f in files)


@st.cache_data(show_spinner=False, max_entries=4)
def _names(signature: str) -> dict[str, str]:
    del signature
    files = sorted(SCENARIOS.glob("*.yaml"))
    names: dict[str, str] = {}
    for file in files:
        try:
            keys = read_yaml(file)
        except RembugError:
            continue  # named when somebody opens it; the list of the others must not fail
        names[file.stem] = str(keys.get("name") or file.stem)
    return names


@st.cache_resource(show_spinner=False, max_entries=16)
def _shipped(key: str, signature: str) -> _Read:
    del signature
    scenario = load_scenario(SCENARIOS / f"{key}.yaml")
    return scenario, scenario.sha256()


@st.cache_resource(show_spinner=False, max_entries=4)
def _given(path: str, policy: str | None, signature: str) -> _Read:
    """A scenario file, or a dataset under a policy (that of its fiscal year), by order."""
    del signature
    scenario = open_source(path, policy).as_scenario()
    return scenario, scenario.sha256()


# --- the address ------------------------------------------------------------------------


def open_link() -> None:
    """At the beginning of a session, take up the trial that the address holds."""
    if _TRIALS in st.session_state:
        return
    steps = decode(str(st.query_params.get(LINK, "")))
    _trials()
    if steps is None:
        st.session_state[_DAMAGED] = True
    elif steps:
        known = choices()
        asked = st.session_state.get(SCENARIO_KEY)
        _trials()[str(asked) if asked in known else next(iter(known))] = steps


def put(key: str, value: Any) -> None:
    """Show a value in a widget; where it shows it already, a newer touch is not taken back."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def remember(open_: Session) -> bool:
    """Write the trial into the address; whether a damaged one was put aside (until a change)."""
    link = encode(open_.steps)
    if link != st.query_params.get(LINK, ""):
        if link:
            st.query_params[LINK] = link
        else:
            st.query_params.pop(LINK, None)
    return bool(st.session_state.get(_DAMAGED))
