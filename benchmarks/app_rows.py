"""The screens: how long a page takes to show the plan after a slider or a pin was moved.

A page of the app runs in this process as a browser would have it run, from the touch to the last
element, with all that the test harness of Streamlit adds; only sending and painting are missing.
Kaliombo is open and warm. No move is repeated: each asks for a plan that nobody asked for before.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from benchmarks.setting import Setting, kaliombo
from benchmarks.timing import Row, Timing, timed
from optimizer.shipped import APP

__all__ = ["app_kelurahan", "app_rerun", "app_rt"]

SCREENS = "optimizer/ui/screens"
RT, KELURAHAN = ("03", "05"), "Kaliombo"
RT_SECONDS, KELURAHAN_SECONDS = 0.5, 2.0
RERUN_SECONDS = 0.1
_EVENNESS = (25, 50, 75, 100, 0)
# From what the policy asks for (30 %) up by whole percents, in per mille.
_SHARES = (320, 350, 380, 310, 400, 340, 370)


class _Page:
    """A page in the hands of one person."""

    def __init__(self, page: str, **query: str) -> None:
        # Streamlit takes a second to load; no other row needs it.
        from streamlit.testing.v1 import AppTest  # noqa: PLC0415

        self.app: Any = AppTest.from_file(str(APP), default_timeout=120)
        for name, value in query.items():
            self.app.query_params[name] = value
        self._settled(self.app.run())
        self._settled(self.app.switch_page(f"{SCREENS}/{page}.py").run())

    @staticmethod
    def _settled(app: Any) -> None:
        """A page that shows an error is no page that was fast."""
        if app.exception or app.error:
            raise RuntimeError([e.value for e in (*app.exception, *app.error)])

    def slide(self, key: str, value: int) -> Timing:
        """Move a slider."""
        slider = _box(self.app.select_slider, key).set_value(value)
        return self._after(slider.run)

    def keep_out(self, box: str, number: int) -> Timing:
        """Keep a proposal out by hand: only the press counts, not choosing and typing."""
        chosen = _box(self.app.selectbox, box).select_index(number).run()
        proposal = _box(chosen.selectbox, box).value
        self.app.text_input(key=f"sim_reason_{proposal}").set_value("uji").run()
        return self._after(self.app.button(key="sim_pin_out").click().run)

    def again(self) -> Timing:
        """Draw it once more: what a touch costs that asks for no plan."""
        return self._after(self.app.run)

    def press(self, key: str) -> None:
        """Press a button, untimed."""
        self._settled(self.app.button(key=key).click().run())

    def _after(self, touched: Callable[[], Any]) -> Timing:
        app, time = timed(touched, warm=False)
        self._settled(app)
        return time


def _box(widgets: Any, key: str) -> Any:
    """A choice box by its key, whatever number it carries."""
    return next(w for w in widgets if str(w.key).rpartition("-")[0] == key)


@contextmanager
def _quietly() -> Iterator[None]:
    """As if started by ``streamlit run``: our own arguments are not the app's."""
    before = sys.argv
    sys.argv = [str(APP)]
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        sys.argv = before
        logging.disable(logging.NOTSET)


def app_rt(setting: Setting) -> Row:
    """The page of one RT after each of so many slider moves and pins, all of them new."""
    rw, rt = RT
    with _quietly():
        page = _Page("rt", rw=rw, rt=rt)
        page.slide("sim_even", _EVENNESS[-1])
        pins, slides = [], []
        for number in range(setting.runs):
            pins.append(page.keep_out(f"sim_which_{KELURAHAN}/{rw}/{rt}", number))
            slides.append(page.slide("sim_even", _EVENNESS[number % len(_EVENNESS)]))
    return _row("app-rt", pins, slides, RT_SECONDS)


def app_rerun(setting: Setting) -> Row:
    """The page of one RT drawn again; and what a collection after it, Streamlit's way, adds."""
    rw, rt = RT
    with _quietly():
        page = _Page("rt", rw=rw, rt=rt)
        times = [page.again() for _ in range(setting.runs)]
        gc.unfreeze()
        collected = [timed(lambda: gc.collect(2), warm=False)[1] for _ in range(setting.runs)]
        gc.freeze()
    figures = {"collector_seconds": _median(collected).cpu}
    return Row("app-rerun", _median(times), target={"seconds": RERUN_SECONDS}, figures=figures)


def app_kelurahan(setting: Setting) -> Row:
    """The page of the kelurahan likewise, and with its line of choices, twelve plans, open."""
    with _quietly():
        page = _Page("kelurahan")
        page.slide("joint_share", _SHARES[-1])
        pins, slides = [], []
        for number in range(setting.runs):
            pins.append(page.keep_out(f"joint_which_{KELURAHAN}", number))
            slides.append(page.slide("joint_share", _SHARES[number]))
        page.press("sim_clear")
        page.press("front_go")
        boxes = range(setting.runs)
        opened = [page.keep_out(f"joint_which_{KELURAHAN}", number) for number in boxes[::-1]]
    line = _median(opened)
    row = _row("app-kelurahan", pins, slides, KELURAHAN_SECONDS)
    row.figures.update(line_seconds=line.cpu, line_wall_seconds=line.seconds)
    row.target.update(line_wall_seconds=KELURAHAN_SECONDS)
    return row


def _median(times: Sequence[Timing]) -> Timing:
    return Timing(median(t.seconds for t in times), median(t.cpu for t in times), len(times))


def _row(name: str, pins: list[Timing], slides: list[Timing], seconds: float) -> Row:
    both = _median([*pins, *slides])
    data = kaliombo().dataset
    return Row(
        name,
        both,
        size={"rt": len(data.territory.units), "proposals": len(data.proposals)},
        target={"seconds": seconds, "wall_seconds": seconds},
        figures={
            "wall_seconds": both.seconds,
            "worst_wall_seconds": max(t.seconds for t in (*pins, *slides)),
            "pin_wall_seconds": _median(pins).seconds,
            "slider_wall_seconds": _median(slides).seconds,
        },
    )
