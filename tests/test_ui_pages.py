"""The pages: every one opens, in both languages, with head and foot; trials, pins, undo."""

from __future__ import annotations

import re
from html import unescape

import pytest
from ui_app import box, calm, choose, html, open_app, shown, turn_to

import optimizer as ob
from optimizer.ui.entry import PAGES
from optimizer.words import FIRST, Words, languages, messages

UNIT = {"rw": "03", "rt": "05"}
OWN_PAGES = ("rt", "kelurahan", "skenario", "unduh")


@pytest.mark.parametrize("lang", ["ID", "EN"])
@pytest.mark.parametrize("page", OWN_PAGES)
def test_every_page_says_what_rules_and_who_decides(page, lang):
    app = calm(open_app(page, lang=lang))
    text = unescape(html(app))
    for key in ("ui.frame.made_up", "ui.frame.decides"):
        assert Words(lang.lower()).say(key) in text
    assert re.search(r"<code>[0-9a-f]{12}</code>", text)
    assert ("tepat 40%" if lang == "ID" else "exactly 40%") in text


def test_every_page_of_the_menu_has_a_name():
    assert all(f"ui.page.{name}" in messages(FIRST) for name in PAGES)


def test_rt_page_answers_first_what_the_rt_decides():
    text = html(calm(open_app("rt", **UNIT)))
    assert "RT 05 / RW 03" in text
    own = text.index("Rp56.453.000")
    assert own < text.index("rb-bars")
    assert "pagu Rp100 jt − bersama Rp30 jt − wajib dan biaya umum Rp13,5 jt" in text


def test_rt_page_shows_what_is_in_and_out_with_order_and_reason():
    app = calm(open_app("rt", **UNIT))
    heads = [h.value for h in app.subheader]
    assert "MASUK RANCANGAN (7)" in heads
    assert "BELUM MASUK (2)" in heads
    assert "urutan ke-1" in html(app)
    cards = [e for e in app.expander if "mengapa belum masuk" in e.label]
    assert len(cards) == 2


@pytest.mark.parametrize("lang", languages())
def test_an_opened_card_says_what_stands_in_the_way_and_nothing_to_canvass_with(lang):
    app = open_app("rt", rw="01", rt="03", lang=lang.upper())
    text = card(app, "U-0023")
    assert "14" in text and "28" in text  # support and attendance of the meeting
    for amount in (10_000_000, 9_768_000, 3_590_000):  # limit, what fills it, what is missing
        assert Words(lang).rupiah(amount) in text
    assert "10%" in text
    for key in ("forced", "wider", "lacks", "lacks.people", "lacks.order"):
        assert opening(f"explain.{key}", lang) not in text
    assert Words(lang).say("ui.card.trial") not in shown(app)


@pytest.mark.parametrize("lang", languages())
def test_in_a_simulation_a_card_also_says_what_it_would_displace(lang):
    app = open_app("rt", rw="01", rt="03", lang=lang.upper())
    box(app, "sim_even").set_value(50).run()
    text = card(app, "U-0020")
    forced = Words(lang).say("explain.forced.less", amount="46 m2")  # the largest volume that fits
    assert forced in text
    displaced = text[text.index(forced) :]
    assert "Saluran air/drainase RT, Gang 4" in displaced and "Portal gang, Gang 4" in displaced
    assert opening("explain.wider", lang) in text  # with others moved: the own funds it takes
    assert Words(lang).rupiah(6_662_000) in text
    assert Words(lang).say("ui.card.trial") in shown(app)


def card(app, proposal: str) -> str:
    """The words of a card "mengapa" after a person opened it."""
    key = f"why_{proposal}"
    assert key not in app.session_state or not app.session_state[key]
    before = {m.value for m in app.markdown}
    app.session_state[key] = True
    calm(app.run())
    (text,) = [m.value for m in app.markdown if m.value not in before]
    return text.replace("\\", "")


def opening(key: str, lang: str) -> str:
    """A phrase up to its first blank."""
    return messages(lang)[key].split("{")[0]


def test_support_is_said_with_attendance_where_it_was_counted():
    app = calm(open_app("rt", rw="01", rt="03"))
    assert re.search(r"23 warga mendukung \(dari \d+ hadir\)", html(app))


def test_slider_changes_the_plan_and_undo_brings_it_back():
    app = open_app("rt", **UNIT)
    before = html(app)
    calm(box(app, "sim_even").set_value(100).run())
    assert "SIMULASI" in shown(app)
    assert app.query_params["simulasi"]
    calm(app.button(key="sim_undo").click().run())
    assert html(app) == before
    assert "simulasi" not in app.query_params


def test_order_volume_and_support_can_be_tried():
    app = open_app("rt", rw="01", rt="03")
    calm(app.button(key="sim_down").click().run())
    proposal = box(app, "sim_which_Kaliombo/01/03").value
    calm(app.number_input(key=f"sim_support_{proposal}").set_value(1).run())
    volume = app.number_input(key=f"sim_volume_{proposal}")
    calm(volume.set_value(volume.value + 1).run())
    assert "3 perubahan dicoba" in shown(app)
    calm(app.button(key="sim_clear").click().run())
    assert "perubahan dicoba" not in shown(app)


def test_a_pin_needs_a_reason_and_is_recorded_with_it():
    app = open_app("rt", **UNIT)
    proposal = choose(app, "sim_which_Kaliombo/03/05", "KUBE")
    app.button(key="sim_pin_out").click().run()
    assert "Tulis dulu alasannya" in app.error[0].value
    app.text_input(key=f"sim_reason_{proposal}").set_value("sudah dibantu dinas").run()
    calm(app.button(key="sim_pin_out").click().run())
    assert "sudah dibantu dinas" in shown(app)
    assert "Sarpras KUBE" in html(app).split("rb-changes")[1]
    calm(app.button(key="sim_unpin").click().run())
    assert 'rb-changes" aria' not in html(app)


def test_impossible_pins_are_a_sentence_and_what_was_typed_stays():
    app = open_app("rt", **UNIT)
    # Three works, where RT infrastructure takes at most Rp10 million.
    for word in ("Perbaikan paving", "Paving jalan", "Saluran air"):
        proposal = choose(app, "sim_which_Kaliombo/03/05", word)
        app.text_input(key=f"sim_reason_{proposal}").set_value("jalan rusak").run()
        app.button(key="sim_pin_in").click().run()
    assert not app.exception
    assert "tidak dapat dipenuhi bersamaan" in app.error[0].value
    assert "jalan rusak" in shown(app)
    assert "Ini hasil hitungan, bukan keputusan" in shown(app)
    calm(app.button(key="mark_clear").click().run())
    assert "MASUK RANCANGAN (7)" in [h.value for h in app.subheader]


def test_a_joint_project_is_kept_out_with_a_reason_and_taken_back():
    app = calm(open_app("kelurahan"))
    proposal = choose(app, "joint_which_Kaliombo", "Trotoar")
    app.button(key="sim_pin_out").click().run()
    assert "Tulis dulu alasannya" in app.error[0].value
    app.text_input(key=f"sim_reason_{proposal}").set_value("tanah belum jelas").run()
    calm(app.button(key="sim_pin_out").click().run())
    assert "tanah belum jelas" in shown(app)
    assert "Trotoar" in html(app).split("rb-changes")[1]
    calm(app.button(key="sim_unpin").click().run())
    assert 'rb-changes" aria' not in html(app)


def test_kelurahan_page_moves_the_joint_share_within_the_policy():
    app = calm(open_app("kelurahan"))
    slider = box(app, "joint_share")
    assert (slider.options[0], slider.options[-1]) == ("30%", "40%")
    assert "Rp1.410.000.000" in html(app)
    calm(slider.set_value(400).run())
    assert "Rp1.880.000.000" in html(app)
    assert "RT 05 / RW 03" in html(app)


@pytest.mark.parametrize("view", ["sync", "flow", "rings", "ties", "table"])
def test_every_view_has_a_table(view):
    _forget_all()
    app = open_app("kelurahan")
    tables = len(app.dataframe)
    calm(box(app, "pandang").set_value(view).run())
    assert len(app.dataframe) >= tables
    assert bool(app.get("echarts_chart")) == (view in {"flow", "rings", "ties"})


def test_frontier_is_computed_on_request_with_its_table():
    _forget_all()
    app = open_app("kelurahan")
    calm(app.button(key="front_go").click().run())
    assert app.get("echarts_chart")


def test_a_trial_follows_to_other_pages_and_two_people_share_nothing():
    mine, other = open_app("rt", **UNIT), open_app("rt", **UNIT)
    box(mine, "sim_even").set_value(50).run()
    calm(turn_to(mine, "kelurahan"))
    assert "1 perubahan dicoba" in shown(mine)
    calm(turn_to(other, "kelurahan"))
    assert "perubahan dicoba" not in shown(other)


def test_a_reload_shows_the_same_trial():
    app = open_app("rt", **UNIT)
    box(app, "sim_even").set_value(75).run()
    link = app.query_params["simulasi"]
    again = calm(open_app("rt", simulasi=link[0] if isinstance(link, list) else link, **UNIT))
    assert box(again, "sim_even").value == 75
    assert html(again) == html(app)


@pytest.mark.parametrize("link", ["x", "A" * 9000, "eJyLVkpSslIqLU5MT1WqBQAhKATv", "%00"])
def test_a_tampered_link_is_put_aside_with_a_sentence(link):
    app = calm(open_app("rt", simulasi=link, **UNIT))
    assert "Hasil rembug tidak berubah" in app.warning[0].value
    assert "perubahan dicoba" not in shown(app)


@pytest.mark.parametrize("query", [{"rw": "99"}, {"rt": "<script>"}, {"skenario": "../../etc"}])
def test_a_tampered_address_falls_back(query):
    calm(open_app("rt", **query))


def test_a_stopped_computation_offers_to_go_on():
    app = open_app("rt", **UNIT)
    box(app, "sim_even").set_value(25).run()
    sha = ob.load_scenario("scenarios/kaliombo-2023.yaml").sha256()
    key = next(k for k in _contents(app) if sha in k)
    app.session_state["_halted"] = key
    _forget(key)
    app.run()
    assert "Hitungan dihentikan" in shown(app)
    again = next(b for b in app.button if b.label == "Hitung ulang")
    calm(again.click().run())
    assert "MASUK RANCANGAN" in shown(app)


def _contents(app):
    """The content that the app is looking at."""
    from optimizer.ui.simulation import Even
    from optimizer.ui.state import Session

    base = ob.load_scenario("scenarios/kaliombo-2023.yaml")
    session = Session("kaliombo-2023", base, base.sha256(), (Even(percent=25),), base)
    return [session.content()]


def _forget(key):
    from optimizer.ui import solving

    solving._plans()._plans.pop(key, None)


def _forget_all():
    """Plans are kept for everybody: another test may have asked for these."""
    from optimizer.ui import solving

    solving._plans.clear()
