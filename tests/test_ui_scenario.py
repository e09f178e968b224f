"""The page Skenario: scenarios built, compared, saved and loaded; hostile files refused."""

from __future__ import annotations

from html import unescape

import pytest
import yaml
from ui_app import box, calm, html, open_app, shown, turn_to

import optimizer as ob
from optimizer.errors import RembugError
from optimizer.files.scenarios import build_scenario, keys_of, load_scenario
from optimizer.ui.scenario_recipe import Base, Recipe, built, presets, read_recipe, to_yaml
from optimizer.ui.scenario_runs import Run
from optimizer.ui.scenario_words import signed
from optimizer.words import Words

KALIOMBO = "scenarios/kaliombo-2023.yaml"
EVEN = "preset:even"


@pytest.fixture(scope="module")
def base():
    scenario = load_scenario(KALIOMBO)
    keys = {**keys_of(scenario), "dataset": "data/kaliombo-2023"}
    return Base(
        "kaliombo-2023", scenario, scenario.sha256(), keys, "kaliombo-2023", scenario_file()
    )


def scenario_file():
    from pathlib import Path

    return Path(KALIOMBO)


def cells(app, row: str) -> str:
    """One row of the comparison."""
    return unescape(html(app)).split(f'"row">{row}</th>')[1].split("</tr>")[0]


def build(app, name: str, *, scn_pagu: float = 0.0, **boxes):
    """Fill the form and press the button."""
    app.button(key="scn_build").click().run()
    app.text_input(key="scn_name").set_value(name)
    app.number_input(key="scn_pagu").set_value(scn_pagu)
    for key, value in boxes.items():
        box(app, key).set_value(value)
    app.run()
    return app


# --- the page -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ID", "EN"])
def test_two_scenarios_stand_beside_each_other_with_differences(lang):
    app = calm(open_app("skenario", lang=lang))
    text, code = unescape(html(app)), lang.lower()
    assert Words(code).say("ui.frame.decides") in text
    for measure in ("first_priorities", "least_rt", "idle"):
        assert Words(code).say(f"compare.measure.{measure}") in text
    row = cells(app, Words(code).say("compare.measure.proposals"))
    first, second = (
        len(ob.optimize(load_scenario(f"scenarios/kaliombo-2023{s}.yaml")).chosen)
        for s in ("", "-paling-banyak")
    )
    assert f"<td>{first}</td>" in row
    assert f"<td>{second}<i>+{second - first}</i></td>" in row
    changes = [e.label for e in app.expander if "usulan berubah" in e.label or "change" in e.label]
    assert changes
    assert app.dataframe


def test_a_scenario_is_built_and_compared():
    app = build(calm(open_app("skenario")), "Kesehatan 20", scn_bounds=["policy.kesehatan.max"])
    app.number_input(key="scn_b_policy.kesehatan.max").set_value(3.0)
    app.number_input(key="scn_pagu").set_value(-10.0)
    calm(app.button(key="scn_save").click().run())
    assert "Kesehatan 20" in html(app)
    assert "own:1" in app.session_state["scn_chosen"]
    calm(turn_to(app, "rt"))
    calm(turn_to(app, "skenario"))
    assert "Kesehatan 20" in html(app)


def test_what_is_missing_is_said_and_what_was_typed_stays():
    app = build(open_app("skenario"), "", scn_pagu=-20.0)
    app.button(key="scn_save").click().run()
    assert "Beri nama dulu" in app.error[0].value
    assert app.number_input(key="scn_pagu").value == -20.0
    app.text_input(key="scn_name").set_value("Dengan alasan").run()
    box(app, "scn_in").set_value(["U-0001"]).run()
    app.button(key="scn_save").click().run()
    assert "Tulis alasan" in app.error[0].value
    app.text_input(key="scn_r_U-0001").set_value("sudah disepakati").run()
    calm(app.button(key="scn_save").click().run())
    assert "Dengan alasan" in html(app)


def test_an_impossible_scenario_names_the_rules_and_stays_editable(base):
    # Three works, where RT infrastructure takes at most Rp10 million.
    works = [
        p.id
        for p in base.scenario.dataset.proposals
        if p.owner == "Kaliombo/03/05"
        and p.title.startswith(("Perbaikan paving", "Paving jalan", "Saluran air"))
    ]
    app = build(open_app("skenario"), "Mustahil", scn_in=works)
    for proposal in works:
        app.text_input(key=f"scn_r_{proposal}").set_value("jalan rusak")
    app.button(key="scn_save").click().run()
    assert not app.exception
    said = app.error[0].value
    assert "tidak dapat dipenuhi bersamaan" in said
    assert "jalan rusak" in said
    assert Words().say("ui.scn.impossible") in cells(app, Words().say("ui.scn.proof"))
    assert app.text_input(key=f"scn_r_{works[0]}").value == "jalan rusak"
    box(app, "scn_in").set_value(works[:1]).run()
    calm(app.button(key="scn_save").click().run())
    assert Words().say("ui.scn.impossible") not in cells(app, Words().say("ui.scn.proof"))


def test_bounds_that_contradict_each_other_are_said_before_they_are_kept():
    app = build(open_app("skenario"), "Terlalu banyak", scn_bounds=["policy.kesehatan.min"])
    app.number_input(key="scn_b_policy.kesehatan.min").set_value(70.0)
    app.button(key="scn_save").click().run()
    assert "bertentangan dengan dirinya" in app.error[0].value
    assert "Terlalu banyak" not in html(app)
    assert app.number_input(key="scn_b_policy.kesehatan.min").value == 70.0


def test_an_own_scenario_can_be_deleted():
    app = build(open_app("skenario"), "Sementara", scn_pagu=-20.0)
    app.button(key="scn_save").click().run()
    calm(app.button(key="scn_delete").click().run())
    assert "Sementara" not in html(app)


def test_two_people_share_no_scenarios():
    mine = build(open_app("skenario"), "Hanya saya", scn_pagu=-20.0)
    mine.button(key="scn_save").click().run()
    assert "Hanya saya" in html(mine)
    assert "Hanya saya" not in shown(open_app("skenario"))


def test_rules_as_practised_stand_beside_the_optimum():
    app = open_app("skenario")
    box(app, "scn_chosen").set_value(["base", EVEN]).run()
    calm(app.checkbox(key="scn_practised").check().run())
    head = html(app).split("rb-compare")[1].split("</thead>")[0]
    for rule in ("order", "greedy", "equal_shares"):
        assert Words().say(f"practice.{rule}") in head
    assert Words().say("ui.scn.by_rule") in html(app)


@pytest.mark.parametrize("view", ["levers", "sweep", "frontier", "stability", "rules", "years"])
def test_every_question_has_a_picture_with_a_table(view):
    app = open_app("skenario")
    box(app, "scn_chosen").set_value(["base", EVEN]).run()
    box(app, "scn_view").set_value(view).run()
    box(app, "scn_about").select_index(1).run()
    tables = len(app.dataframe)
    while waiting := [b for b in app.button if str(b.key).startswith("go_")]:
        calm(waiting[0].click().run())
    assert len(app.dataframe) > tables
    assert bool(app.get("echarts_chart")) == (view != "frontier")  # one point is no picture


@pytest.mark.parametrize("view", ["frontier", "stability"])
def test_what_order_alone_cannot_tell_is_said(view):
    app = open_app("skenario")
    box(app, "scn_view").set_value(view).run()
    waiting = next(b for b in app.button if str(b.key).startswith("go_"))
    waiting.click().run()
    assert not app.exception
    assert not app.error
    assert Words().say("ui.scn.needs_support") in [note.value for note in app.info]


def test_stability_says_where_there_is_only_an_order():
    app = open_app("skenario")
    box(app, "scn_chosen").set_value(["base", EVEN]).run()
    box(app, "scn_view").set_value("stability").run()
    box(app, "scn_about").select_index(1).run()
    box(app, "scn_draws").set_value(20).run()
    calm(next(b for b in app.button if str(b.key).startswith("go_stab")).click().run())
    values = app.dataframe[-1].value.to_numpy().astype(str)
    assert (values == Words().say("ui.scn.stable.order_only")).any()
    assert "angka awal 1" in shown(app)


# --- long runs -----------------------------------------------------------------------------


def test_a_stopped_run_keeps_what_is_done_and_goes_on():
    run = Run("x", wanted=True)
    asked: list[int] = []

    def point(number: int) -> int:
        asked.append(number)
        if number == 3 and asked.count(3) == 1:
            raise KeyboardInterrupt  # as a press of the stop button ends the run of a page
        return number * number

    with pytest.raises(KeyboardInterrupt):
        run(point, range(6))
    run.halt()
    assert run(point, range(6)) == {0: 0, 1: 1, 2: 4}
    run.start()
    assert run(point, range(6)) == {n: n * n for n in range(6)}
    assert sorted(asked) == [0, 1, 2, 3, 3, 4, 5]


# --- files ------------------------------------------------------------------------------------


def test_a_saved_scenario_is_what_the_command_line_reads(base, tmp_path):
    recipe = Recipe(
        "own:1",
        'Uji: "kutip" & <b>',
        {
            "policy": "kediri-2023-paling-banyak",
            "objective": [{"welfare": {"evenness": 0.75}}, "fill"],
            "order_as": "borda",
            "joint_share": 0.35,
            "pins": [{"id": "U-0001", "pin": "out", "reason": "=tunda"}],
            "overrides": {"pagu": "-10%", "policy.kepemudaan.min": 0.05},
        },
    )
    file = tmp_path / "uji.yaml"
    file.write_bytes(to_yaml(base, recipe))
    again = load_scenario(file)
    assert again.name == recipe.name
    assert again.sha256() == built(base, recipe).sha256()
    back = read_recipe(base, file.name, file.read_bytes(), "own:2")
    assert built(base, back).sha256() == again.sha256()


def test_presets_are_what_the_tour_of_files_says(base):
    found = {r.id: built(base, r) for r in presets(base)}
    tour = load_scenario("scenarios/kaliombo-2023-paling-banyak.yaml")
    assert found["preset:kediri-2023-paling-banyak"].sha256() == tour.sha256()
    pagu = load_scenario("scenarios/kaliombo-2023-pagu-75.yaml")
    assert found["preset:pagu"].sha256() == pagu.sha256()


def test_files_of_the_tour_can_be_opened(base):
    from pathlib import Path

    for file in sorted(Path("scenarios").glob("kaliombo-2023-*.yaml")):
        recipe = read_recipe(base, file.name, file.read_bytes(), "own:1")
        assert built(base, recipe).sha256() == load_scenario(file).sha256(), file


def test_scenarios_without_a_file_name_the_data_to_put_beside(base):
    own = Base("own:x", base.scenario, base.sha256, keys_of(base.scenario), "", scenario_file(),
               base.scenario.dataset)  # fmt: skip
    text = to_yaml(own, Recipe("own:1", "Uji", {"overrides": {"pagu": "-10%"}}))
    keys = yaml.safe_load(text)
    assert keys["dataset"] == "data.xlsx"
    keys.pop("dataset")
    again = build_scenario(keys, dataset=base.scenario.dataset)
    assert (
        again.sha256() == built(own, Recipe("o", "Uji", {"overrides": {"pagu": "-10%"}})).sha256()
    )


HOSTILE = {
    "code": b"!!python/object/apply:os.system ['id']",
    "list": b"- 1\n- 2",
    "number": b"7",
    "empty": b"",
    "bytes": b"\xff\xfe\x00\x01",
    "bomb": b"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n",
    "deep": b"name: " + b"[" * 5000,
    "long": b"name: x\n# " + b"x" * 200_000,
    "path": b"extends: ../../etc/passwd",
    "absolute": b"dataset: /etc\npolicy: kediri-2023",
    "policy": b"policy: ../secret.yaml",
    "unknown": b"polcy: kediri-2023",
    "nan": b"joint_share: .nan",
    "huge": b"overrides: {policy.kesehatan.max: 1e999999999}",
    "override": b"overrides: {policy.kesehatn.max: 0.2}",
    "name": b"name: [1, 2]",
    "date": b"overrides: {pagu: 2024-01-01}",
    "twice": b"policy: kediri-2023\npolicy: kediri-2022",
    "pin": b"pins: [{id: U-9999, pin: in, reason: x}]",
    "keys": b"{1: 2}",
    "objective": b"objective: [{welfare: {evenness: lots}}]",
    "other": b"extends: kota-contoh-2023",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(base, name):
    try:
        recipe = read_recipe(base, "x.yaml", HOSTILE[name], "own:1")
        ob.optimize(built(base, recipe))
    except RembugError as error:
        for lang in ("id", "en"):
            assert len(error.message(Words(lang))) > 20
    else:
        pytest.fail("it was taken")


def test_differences_are_signed_and_zero_is_the_same():
    assert signed("rupiah", 5_000_000) == "+Rp5.000.000"
    assert signed("number", -3) == "−3"
    assert signed("number", 0) == "sama"
    assert signed("number", None) == "–"
