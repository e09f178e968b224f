"""``rembug app``: what is opened, and that a wrong path is said before anything starts."""

from __future__ import annotations

import socket

import pytest
from cli_runs import rembug
from ui_app import box, calm, html, open_app

from optimizer.cli import app as command
from optimizer.files.policies import load_policy
from optimizer.shipped import DATA, SCENARIOS
from optimizer.ui.state import GIVEN

KALIOMBO = DATA / "kaliombo-2023"


@pytest.fixture
def started(monkeypatch):
    """The calls that would have started Streamlit."""
    calls = []
    monkeypatch.setattr(command.subprocess, "call", lambda args, **_: calls.append(args) or 0)
    monkeypatch.setattr(command, "_taken", lambda port: False)
    return calls


@pytest.fixture
def own(tmp_path):
    """A folder as ``rembug init`` makes it."""
    folder = tmp_path / "mojo"
    made = rembug("init", folder, "--kelurahan", "Mojo", "--rw", "2", "--rt", "2,3")
    assert made.exit_code == 0
    return folder


def opened(call: list[str]) -> list[str]:
    """What the app is told to open."""
    return call[call.index("--") + 1 :] if "--" in call else []


def test_it_listens_on_this_machine_only(started):
    assert rembug("app", "--port", "8600").exit_code == 0
    (call,) = started
    assert "--server.address=127.0.0.1" in call and "--server.port=8600" in call
    assert opened(call) == []


def test_without_streamlit_it_says_how_to_get_it(started, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    result = rembug("app")
    assert result.exit_code == 2 and 'pip install "rembug[app]"' in result.stderr
    assert not started


def test_a_dataset_a_scenario_and_a_name_are_passed_on(started, own):
    shipped = SCENARIOS / "kaliombo-2023-merata.yaml"
    for said, passed in (
        (KALIOMBO, [str(KALIOMBO)]),
        (own, [str(own)]),
        (shipped, [str(shipped)]),
        ("kaliombo-2023-merata", [str(shipped)]),
    ):
        assert rembug("app", said).exit_code == 0
        assert opened(started[-1]) == passed
    assert rembug("app", own, "--policy", "kediri-2022").exit_code == 0
    assert opened(started[-1]) == [str(own), "kediri-2022"]


@pytest.mark.parametrize(
    ("said", "code", "word"),
    [
        ("data/tidak-ada", 2, "data/tidak-ada"),
        ("kaliombo-2024", 2, "kaliombo-2023"),
        ("tidak-ada.xlsx", 1, "tidak-ada.xlsx"),
        (DATA / "contoh-rekap-kaliombo.xlsx", 2, "Periksa"),
        (DATA / "menus", 1, "wilayah"),
    ],
)
def test_what_cannot_be_opened_is_one_message_before_anything_starts(started, said, code, word):
    result = rembug("app", said)
    assert result.exit_code == code
    assert word in result.stderr and "Traceback" not in result.stderr
    assert not started


def test_a_year_without_a_policy_asks_for_one(started, tmp_path):
    folder = tmp_path / "kelak"
    rembug("init", folder, "--kelurahan", "Mojo", "--rw", "1", "--rt", "2", "--year", "2031")
    assert "--policy" in rembug("app", folder).stderr
    assert not started
    assert rembug("app", folder, "--policy", "kediri-2024").exit_code == 0


def test_a_port_in_use_is_said(monkeypatch):
    monkeypatch.setattr(command.subprocess, "call", pytest.fail)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = rembug("app", "--port", port)
    assert result.exit_code == 2 and f"--port {port + 1}" in result.stderr


@pytest.mark.parametrize("page", ["rt", "kelurahan", "skenario", "unduh"])
def test_the_screens_open_a_new_folder(own, page):
    app = calm(open_app(page, str(own)))
    assert box(app, "skenario").value == GIVEN
    assert "Mojo" in html(app) or "RT 01 / RW 01" in html(app)


def test_the_screens_take_the_policy_that_was_asked_for(own):
    scenario = calm(open_app("rt", str(own), "kediri-2022"))
    assert load_policy("kediri-2022").reading["id"] in html(scenario)
