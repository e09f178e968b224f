"""A running app and a real browser; without a browser the journeys are skipped, loudly."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 25
# A narrow page is a phone's: Streamlit's menu knows a phone by its name and by its fingers.
PHONE = {
    "user_agent": "Mozilla/5.0 (Linux; Android 13; Pixel 5) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Mobile Safari/537.36",
    "is_mobile": True,
    "has_touch": True,
}
MINE = "http://127.0.0.1"
# A page opened by its own address first asks below that address; Streamlit then finds its root.
PROBES = ("/_stcore/health", "/_stcore/host-config")


def _browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Say it so that nobody overlooks it."""
    del exitstatus, config
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "browser" in r.nodeid]
    if skipped:
        terminalreporter.write_line(
            f"!!! {len(skipped)} BROWSER JOURNEYS WERE NOT RUN: no Chromium on this machine !!!",
            red=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """The app on a free port of this machine."""
    if _browser() is None:
        pytest.skip("no Chromium on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("app") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    with log.open("w") as out, subprocess.Popen(
        [*command, f"--server.port={port}", "--server.fileWatcherType=none"],
        cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        address = f"{MINE}:{port}"
        _wait(address, log)
        yield address
        process.terminate()
    assert "Traceback" not in log.read_text()


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the app did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for all journeys."""
    path = _browser()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=list(ARGS))
            yield browser
            browser.close()


@pytest.fixture
def visit(server, chromium):
    """``with visit(390) as page``: a person's page, watched for strange requests and errors."""

    @contextmanager
    def visiting(
        width: int = 390, *, scheme: str = "light", path: str = "/", phone: bool | None = None
    ) -> Iterator[object]:
        phone = width < 600 if phone is None else phone
        size = {"width": width, "height": 844 if width < 600 else 900}
        context = chromium.new_context(
            viewport=size,
            color_scheme=scheme,
            accept_downloads=True,
            locale="id-ID",
            **(PHONE if phone else {}),
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        strange: list[str] = []
        page.on("request", lambda r: strange.append(r.url) if not _ours(r.url) else None)
        page.on("console", lambda m: strange.append(m.text) if _wrong(m) else None)
        page.on("pageerror", lambda e: strange.append(str(e)))
        page.goto(server + path)
        page.wait_for_selector(".rb-foot")
        yield page
        assert strange == []
        context.close()

    return visiting


def _ours(url: str) -> bool:
    return url.startswith((f"{MINE}:", "ws://127.0.0.1:", "data:", "blob:"))


def _wrong(message) -> bool:
    """An error in the console, other than the first two questions of a page's own address."""
    if message.type != "error":
        return False
    where = str(message.location.get("url", ""))
    return not (where.startswith(MINE) and where.endswith(PROBES))
