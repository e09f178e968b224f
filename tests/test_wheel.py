"""The package as people get it: built, put into a bare environment outside this folder, used.

On each Python that the machine has. Versions are those of the locks, and ``pip check`` holds
them against what the package itself asks for.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from optimizer.versions import __version__

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
PATIENCE = 120
# Bytecode is written at the first import: compiling all that is installed takes longer.
OURS = frozenset({"PYTHONPATH", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"})
# What the entry of the installed app shows, run without a browser.
SCREEN = """
import sys
from streamlit.testing.v1 import AppTest
from optimizer.shipped import APP
sys.argv = [str(APP)]
app = AppTest.from_file(str(APP), default_timeout=120).run()
assert not app.exception and not app.error, (app.exception, app.error)
print([box.value for box in app.selectbox])
"""

pytestmark = pytest.mark.wheel


def candidates(version: str) -> Iterator[Path]:
    """Where a Python of a version may be: this one, on the path, under pyenv."""
    yield Path(sys.executable)
    if found := shutil.which(f"python{version}"):
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"))


def has_version(python: Path, version: str) -> bool:
    """Whether it runs, is of that version, and can make environments."""
    code = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return run.stdout.strip() == version


@dataclass(frozen=True)
class Bare:
    """An environment with the package and nothing of this folder, and an empty folder to work in.

    Attributes
    ----------
    scripts : Path
        Where its programs are.
    """

    scripts: Path
    folder: Path

    def run(self, program: str, *args: object) -> subprocess.CompletedProcess[str]:
        """A program of the environment, called from the empty folder."""
        command = [self.scripts / program, *map(str, args)]
        return subprocess.run(command, **self.outside, capture_output=True, text=True, check=False)

    def rembug(self, *args: object) -> str:
        """What a command prints that has to go well."""
        run = self.run("rembug", *args)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def install(self, *what: object) -> None:
        """Exactly these, and all that they ask for must be there."""
        quiet = ("--quiet", "--disable-pip-version-check")
        run = self.run("python", "-m", "pip", "install", *quiet, "--no-compile", "--no-deps", *what)
        assert run.returncode == 0, run.stderr
        checked = self.run("python", "-m", "pip", "check")
        assert checked.returncode == 0, checked.stdout

    @property
    def outside(self) -> dict[str, object]:
        """Folder and variables of a process that knows nothing of the source tree."""
        kept = {k: v for k, v in os.environ.items() if k not in OURS}
        return {"cwd": self.folder, "env": {**kept, "PYTHONUTF8": "1"}}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = dist.iterdir()
    return built


@pytest.fixture(
    scope="module", params=[pytest.param(v, marks=pytest.mark.xdist_group(v)) for v in PYTHONS]
)
def bare(request, wheel, tmp_path_factory) -> Bare:
    """The core alone: no Streamlit."""
    python = next((p for p in candidates(request.param) if has_version(p, request.param)), None)
    if python is None:
        pytest.skip(f"no Python {request.param} on this machine: the wheel was not tried on it")
    place = tmp_path_factory.mktemp("bare")
    subprocess.run([python, "-m", "venv", place / "env"], check=True)
    (place / "empty").mkdir()
    made = Bare(place / "env" / SCRIPTS, place / "empty")
    made.install("--require-hashes", "-r", ROOT / "locks" / "core.txt")
    made.install(wheel)
    return made


@pytest.fixture(scope="module")
def with_app(bare) -> Bare:
    """The same with what the screens need."""
    bare.install("--require-hashes", "-r", ROOT / "locks" / "app.txt")
    return bare


def test_what_is_not_installed_says_how_to_get_it(bare):
    assert bare.run("python", "-c", "import streamlit").returncode != 0
    for command, way in (("app", 'pip install "rembug[app]"'), ("bench", "make bench")):
        run = bare.run("rembug", command, "--lang", "en")
        assert run.returncode == 2
        assert way in run.stderr and len(run.stderr.splitlines()) == 1


def test_it_names_its_version_and_is_typed(bare):
    assert bare.rembug("--version").split() == ["rembug", __version__]
    code = "import optimizer, pathlib; f = pathlib.Path(optimizer.__file__).with_name('py.typed');"
    run = bare.run("python", "-c", f"{code} print(f.is_file(), f)")
    assert run.stdout.startswith("True") and str(ROOT) not in run.stdout


def test_a_plan_by_name_is_that_of_the_source_tree(bare, tmp_path):
    bare.rembug("plan", "kaliombo-2023", "--out", "rancangan")
    here = [sys.executable, "-c", "from optimizer.cli import main; main()"]
    subprocess.run([*here, "plan", "kaliombo-2023", "--out", tmp_path], cwd=ROOT, check=True)
    installed = (bare.folder / "rancangan" / "plan.json").read_bytes()
    assert installed == (tmp_path / "plan.json").read_bytes()
    checked = bare.run("rembug", "check", "rancangan/plan.json", "--scenario", "kaliombo-2023")
    assert checked.returncode in {0, 1} and not checked.stderr  # 1: the plan has findings


def test_one_begins_with_a_kelurahan_of_ones_own(bare):
    bare.rembug("template", "--out", "templat.xlsx")
    bare.rembug("init", "mojo", "--kelurahan", "Mojo", "--rw", 2, "--rt", "2,3")
    assert {"usulan.csv", "wilayah.csv"} <= {f.name for f in (bare.folder / "mojo").iterdir()}
    assert (bare.folder / "templat.xlsx").stat().st_size > 5_000


def test_sheets_and_policies_are_there(bare):
    bare.rembug("sheets", "kaliombo-2023", "--out", "lembar")
    assert any((bare.folder / "lembar").rglob("*.html"))
    listed = bare.rembug("policy", "list")
    shipped = {f.stem for f in (ROOT / "data" / "policies").glob("*.yaml")}
    assert all(name in listed for name in shipped)


def test_the_screens_draw_the_first_page(with_app):
    run = with_app.run("python", "-c", SCREEN)
    assert run.returncode == 0, run.stderr
    assert "kaliombo-2023" in run.stdout


def test_the_app_answers_that_it_is_well(with_app):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = with_app.folder / "log.txt"
    command = [with_app.scripts / "rembug", "app", "kaliombo-2023", "--port", str(port)]
    with (
        log.open("w") as out,
        subprocess.Popen(
            command,
            **with_app.outside,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            assert _answer(f"http://127.0.0.1:{port}/_stcore/health") == "ok", log.read_text()
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # the command and the server that it started
    assert "Traceback" not in log.read_text()


def _answer(address: str) -> str:
    """What is answered, once it is; nothing where nobody does in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    return ""
