"""The command line as people and programs call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import rembug, rembug_json
from table_cases import PB

from optimizer.versions import __version__
from optimizer.words import Words

KALIOMBO = "scenarios/kaliombo-2023.yaml"
COMMANDS = ["plan", "check", "policy", "pabulib", "template", "init"]


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[1])


@pytest.fixture
def scenario(tmp_path):
    def write(text: str, name: str = "s.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


# --- plan -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["id", "en"])
def test_plan_says_what_is_proved_made_up_and_who_decides(lang):
    result = rembug("plan", KALIOMBO, "--lang", lang)
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    for key in ("cli.outcome.optimal", "plan.decides", "plan.made_up", "cli.real", "cli.made_up"):
        assert Words(lang).say(key) in text
    assert "SIMULASI" in text
    assert Words(lang).say("cli.stage.order") in text


def test_json_is_clean_and_has_the_fields_of_the_contract():
    plan = rembug_json("plan", KALIOMBO)
    assert plan["outcome"] == "optimal"
    assert {
        "schema", "outcome", "objective", "bound", "gap", "funded", "allocations", "unassigned",
        "checks", "inputs_sha256", "policy", "reading", "made_up", "solver",
    } <= set(plan)  # fmt: skip
    assert plan["policy"] == "kediri-2023-tepat"
    assert plan["objective"] == plan["bound"]
    assert len(plan["unassigned"]) == 47


def test_set_changes_one_number_and_is_recorded():
    plan = rembug_json("plan", KALIOMBO, "--set", "pagu=75000000")
    assert plan["overrides"] == {"pagu": "75000000"}
    assert max(plan["unassigned"].values()) < 75_000_000


def test_language_may_stand_before_the_command():
    result = rembug("--lang", "en", "plan", "nowhere")
    assert result.exit_code == 2
    assert "Did you mean" in result.stderr


# --- calls that cannot be followed: exit code 2 -----------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["plan", "kaliombo-2032"], "kaliombo-2023"),
        (["plan", KALIOMBO, "--set", "policy.kesehatn.max=0.5"], "policy.kesehatan.max"),
        (["plan", KALIOMBO, "--set", "pagu"], "NAMA=NILAI"),
        (["plan", KALIOMBO, "--set", "joint_share=7"], "0–1"),
        (["plan", KALIOMBO, "--separator", "|"], ";"),
        (["plan", KALIOMBO, "--time-limit", "-1"], "detik"),
        (["plan"], "rembug plan --help"),
        (["plan", KALIOMBO, "--nothing"], "--nothing"),
        (["plann"], "plann"),
        (["policy", "show", "kediri-2032"], "kediri-20"),
        (["pabulib", "nowhere.pb"], "nowhere.pb"),
        (["init", "x", "--kelurahan", "A", "--rw", "2", "--rt", "banyak"], "47"),
    ],
)
def test_usage(args, said):
    result = rembug(*args)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


# --- scenarios that are refused: exit code 1 --------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: kaliombo-2023\npolicies: kediri-2022\n", "policy"),
        ("extends: kaliombo-2023\nname: !!python/name:os.system x\n", "YAML"),
        ("extends: s.yaml\n", "extends"),
        ("extends: kaliombo-2023\nobjective: [wellfare]\n", "welfare"),
        ("extends: kaliombo-2023\nobjective: [support]\n", "order_as: borda"),
        ("extends: kaliombo-2023\npins: [{id: U-9999, pin: in}]\n", "U-9999"),
        ("extends: kaliombo-2023\noverrides: {policy.kesehatan.maks: 0.4}\n", "kesehatan.max"),
        ("extends: kaliombo-2023\noverrides: {policy.infrastruktur.bersama.min: 0.9}\n", "Rp"),
        ("name: tanpa data\n", "dataset"),
        ("- satu\n- dua\n", "name"),
        ("", "name"),
        ("a: [1, 2\n", "baris"),
    ],
)
def test_refused_scenarios(scenario, text, said):
    result = rembug("plan", scenario(text))
    assert result.exit_code == 1, result.output
    assert said in result.stderr
    assert "Traceback" not in result.output


PINS = "extends: kaliombo-2023\npins:\n" + "".join(
    f"  - {{id: U-05{n:02d}, pin: in, reason: permintaan muskel}}\n" for n in range(9, 17)
)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_infeasible_scenario_names_the_conflict_and_a_way_out(scenario, lang):
    path = scenario(PINS)
    result = rembug("plan", path, "--lang", lang)
    assert result.exit_code == 1
    assert "U-0515" in result.stderr
    assert "permintaan muskel" in result.stderr
    assert "Kaliombo" in result.stderr
    assert Words(lang).say("conflict.pin.remedy", id="U-0515") in result.stderr
    record = rembug_json("plan", path, "--lang", lang)
    assert record["outcome"] == "infeasible"
    assert "U-0515" in record["error"]


def test_a_bad_dataset_is_refused_with_all_its_errors(scenario, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "wilayah.csv").write_text("kelurahan;rw;rt\nContoh;01;01\n", "utf-8")
    (folder / "usulan.csv").write_text(
        "tingkat;kelurahan;rw;rt;kegiatan;harga_satuan;volume\n"
        "RT;Contoh;01;09;Paving;1000;1\n"
        "RT;Contoh;01;01;Paving;-5;1\n",
        "utf-8",
    )
    path = scenario(f"dataset: {folder}\npolicy: kediri-2023\n")
    result = rembug("plan", path)
    assert result.exit_code == 1
    assert "baris 2" in result.stderr
    assert "baris 3" in result.stderr
    record = rembug_json("plan", path)
    assert record["outcome"] == "refused"
    assert len([f for f in record["findings"] if f["severity"] == "error"]) >= 2


def test_results_that_cannot_be_written_are_said(tmp_path):
    (tmp_path / "file").write_text("")
    result = rembug("plan", KALIOMBO, "--out", tmp_path / "file")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


# --- a recorded plan is judged again ----------------------------------------------------


def test_a_plan_is_judged_again_from_the_raw_records(tmp_path):
    assert rembug("plan", KALIOMBO, "--out", tmp_path).exit_code == 0
    path = tmp_path / "plan.json"
    assert rembug("check", path).exit_code == 2  # a plan alone does not hold its data
    record = rembug_json("check", path, "--scenario", KALIOMBO)
    assert record["verified"] is True
    assert record["differences"] == record["unknown"] == []
    # What the plan leaves to do is told, and is no difference.
    assert {c["status"] for c in record["checks"]} >= {"finding"}

    plan = json.loads(path.read_text("utf-8"))
    plan["funded"][0]["volume"] -= 2
    path.write_text(json.dumps(plan), "utf-8")
    result = rembug("check", path, "--scenario", KALIOMBO)
    assert result.exit_code == 1
    assert "tidak lolos" in result.stdout
    assert "funded[0].volume" in result.stdout
    record = rembug_json("check", path, "--scenario", KALIOMBO, "--lang", "en")
    assert record["verified"] is False
    assert {"funded[0].volume", "funded[0].cost"} <= {d["place"] for d in record["differences"]}
    assert all(d["place"] in d["message"] for d in record["differences"])


def test_a_plan_of_other_inputs_says_so_first(tmp_path):
    assert rembug("plan", KALIOMBO, "--out", tmp_path).exit_code == 0
    result = rembug("check", tmp_path / "plan.json", "--scenario", "kaliombo-2023-merata")
    assert result.exit_code == 1
    assert "masukan lain" in result.stdout.splitlines()[1]
    assert "inputs_sha256" in result.stdout


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"schema": "x"}', '{"bound": 1}', "[" * 100_000]
)
def test_a_broken_plan_is_said(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_text(text, "utf-8")
    result = rembug("check", path, "--scenario", KALIOMBO)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "plan.json" in result.stderr


@pytest.mark.parametrize(
    "text", ['{"schema": "rembug-plan/1"}', '{"funded": 3}', '{"funded": [[]]}']
)
def test_what_is_hardly_a_plan_is_compared_all_the_same(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_text(text, "utf-8")
    result = rembug("check", path, "--scenario", KALIOMBO)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "allocations" in result.stdout


# --- policy -----------------------------------------------------------------------------


def test_policies_are_listed_with_their_readings():
    text = rembug("policy", "list").stdout
    for name in ("kediri-2015", "kediri-2021", "kediri-2022", "kediri-2024", "paling banyak 40%"):
        assert name in text
    assert {p["id"] for p in rembug_json("policy", "list")} >= {
        "kediri-2023-tepat", "kediri-2023-paling-banyak", "dana-desa-2022"
    }  # fmt: skip


def test_a_policy_is_shown_with_source_and_certainty():
    text = rembug("policy", "show", "kediri-2022").stdout
    assert "Perwali 32/2021" in text
    assert Words().say("cli.certainty.text").split()[0] in text
    assert "E" in text
    record = rembug_json("policy", "show", "kediri-2023")
    assert record["id"] == "kediri-2023-tepat"
    bounds = {b["side"]: b for a in record["accounts"] if a["id"] == "infrastruktur"
              for b in a["bounds"]}  # fmt: skip
    assert bounds["exact"]["share"] == 0.4
    assert bounds["exact"]["letter"] == "E"


def test_two_readings_differ_only_where_they_do():
    rows = rembug_json("policy", "diff", "kediri-2023", "kediri-2023-paling-banyak")
    changed = {row["what"] for row in rows}
    assert "Infrastruktur" in changed
    assert "Kesehatan" not in changed
    assert Words("en").say("cli.policy.same") in rembug(
        "policy", "diff", "kediri-2022", "kediri-2022", "--lang", "en"
    ).stdout  # fmt: skip


# --- pabulib ----------------------------------------------------------------------------


def test_pabulib_json_has_the_fields_of_the_contract(tmp_path):
    path = tmp_path / "planted.pb"
    path.write_text(PB, "utf-8")
    record = rembug_json("pabulib", path)
    assert record["file"] == "planted.pb"
    assert record["measure"] == "votes"
    assert record["optimum"] == 8
    assert record["selected"] == ["1", "3"]
    assert record["breaches"] == []
    assert set(record["declared_rule"]["winners"]) == {"1", "3"}
    assert record["declared_rule"]["equals_real"] is True
    result = rembug("pabulib", path)
    assert result.exit_code == 0
    assert Words().say("cli.pabulib.optimal") in " ".join(result.stdout.split())


def test_a_pb_that_ends_in_the_middle_is_refused(tmp_path):
    path = tmp_path / "cut.pb"
    path.write_text(PB[: PB.index("VOTES") - 12], "utf-8")
    result = rembug("pabulib", path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output


# --- template and init ------------------------------------------------------------------


def test_template_is_never_overwritten(tmp_path):
    path = tmp_path / "isi.xlsx"
    assert rembug("template", "--out", path).exit_code == 0
    before = path.read_bytes()
    result = rembug("template", "--out", path)
    assert result.exit_code == 2
    assert path.read_bytes() == before


def test_init_makes_a_folder_that_can_be_read(tmp_path):
    folder = tmp_path / "contoh"
    made = rembug("init", folder, "--kelurahan", "Contoh", "--rw", 2, "--rt", "3,4")
    assert made.exit_code == 0
    assert len((folder / "wilayah.csv").read_text("utf-8-sig").splitlines()) == 8
    again = rembug("init", folder, "--kelurahan", "Contoh", "--rw", 2, "--rt", 7)
    assert again.exit_code == 1
    assert "contoh" in again.stderr


# --- the program ------------------------------------------------------------------------


def test_the_version_is_named():
    assert rembug("--version").stdout == f"rembug {__version__}\n"


def test_help_shows_brackets_as_they_are():
    assert 'rembug[dask]"' in " ".join(rembug("plan", "--help").stdout.split())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_help_is_in_the_language_asked_for(lang):
    text = " ".join(rembug("--lang", lang, "--help").stdout.split())
    assert Words(lang).say("cli.plan.help") in text
    for command in COMMANDS:
        assert rembug(command, "--lang", lang, "--help").exit_code == 0


def run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from optimizer.cli import main; main()", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_as_a_program_stdout_is_only_json():
    done = run("plan", KALIOMBO, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)["outcome"] == "optimal"


def test_as_a_program_errors_go_to_stderr():
    done = run("plan", "nowhere", "--lang=en")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("There is no scenario")
    assert len(done.stderr.strip().splitlines()) == 1


def test_stopping_is_no_traceback(monkeypatch):
    def stop(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("optimizer.cli.plan.optimize", stop)
    result = rembug("plan", KALIOMBO)
    assert result.exit_code == 130
