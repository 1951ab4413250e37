"""Working at the console: what is yours first, every move as a form, a look at what was told written down, two at once shown."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from bot.referrals import Part, Status
from tests.console.conftest import Desk, token
from tests.referrals.world import ALONE, for_child

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def send(browser: httpx.Client, desk: Desk, part: Part, move: str, **more: str) -> httpx.Response:
    """One form about a part as it stands."""
    csrf = token(browser.get("/console/inbox"))
    form = {"csrf": csrf, "move": move, "seen": str(desk.world.part(part).revision), "lang": "zh"} | more
    return browser.post(f"/console/part/{part.id}/move", data=form)


def audited(desk: Desk, action: str) -> int:
    with desk.world.services.store.engine.connect() as db:
        found = db.exec_driver_sql("SELECT count(*) FROM audit WHERE action = ?", (action,)).scalar()
    return int(found or 0)


def test_a_referral_is_taken_through_its_life_on_pages(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    for move, more in (
        ("accept", {}),
        ("contact", {}),
        ("visit", {"reason": "well", "words": "外婆身体好"}),
        ("note", {"words": "下周再去"}),
        ("await_family", {}),
        ("resume", {}),
        ("finish", {"reason": "moved_away"}),
        ("reopen", {"reason": "again"}),
    ):
        assert send(director, desk, part, move, **more).status_code == 303, move
        desk.world.passes(seconds=11)
    assert desk.world.part(part).status is Status.SENT
    assert audited(desk, "move_visit") == 1


def test_the_family_s_words_and_number_stand_behind_a_button_and_the_look_is_written_down(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    page = director.get(f"/console/case/{case.id}")
    assert "两个人都不想带" not in page.text
    assert audited(desk, "show_details") == 0
    shown = director.post(f"/console/case/{case.id}/details", data={"csrf": token(page)})
    assert "两个人都不想带" in shown.text
    assert audited(desk, "show_details") == 1
    assert audited(desk, "read_case") == 1


def test_the_overdue_stand_first_then_the_gravest(desk: Desk) -> None:
    operator = desk.signs_in("operator")
    quiet, grave = desk.world.family(), desk.world.family(ALONE)
    page = operator.get("/console/inbox?view=team").text
    assert page.index(grave.id) < page.index(quiet.id)
    desk.world.now = for_child(quiet).deadline + timedelta(seconds=1)
    with desk.world.moving() as moving:
        moving.accept(for_child(grave).id, desk.world.people["operator"], called_by="staff")
    page = desk.signs_in("operator", "again").get("/console/inbox?view=overdue").text
    assert quiet.id in page


def test_somebody_who_acts_on_an_old_version_sees_what_stands_now_and_keeps_what_they_wrote(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    csrf, seen = token(director.get("/console/inbox")), desk.world.part(part).revision
    assert send(director, desk, part, "accept").status_code == 303
    old = {"csrf": csrf, "move": "note", "words": "外婆说下周可以", "seen": str(seen)}
    refused = director.post(f"/console/part/{part.id}/move?lang=zh", data=old)
    assert refused.status_code == 409
    assert "您看过以后有变化" in refused.text
    assert "外婆说下周可以" in refused.text
    assert [event.move for event in desk.world.history(part)] == ["send", "accept"]


def test_two_at_once_are_shown_side_by_side(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    part = for_child(case)
    page = director.get(f"/console/case/{case.id}?lang=zh")
    form = dict(HIDDEN.findall(page.text[page.text.index(f'action="/console/part/{part.id}') :].split("</form>")[0]))
    saw = form["saw_state"]
    assert send(director, desk, part, "accept").status_code == 303
    refused = director.post(f"/console/part/{part.id}/move?lang=zh", data=form)
    assert refused.status_code == 409
    table = refused.text[refused.text.index("<table") : refused.text.index("</table>")]
    assert f"<td>{saw}</td>" in table, "as it stood when it was looked at"
    assert table.count("<strong>") >= 2, "what is different now: how it stands, and by when"


def test_a_filter_keeps_in_this_browser_and_never_hides_an_emergency(desk: Desk) -> None:
    desk.world.staffed("director", "court")
    operator = desk.signs_in("operator")
    quiet, grave = desk.world.family(), desk.world.family(ALONE)
    everything = operator.get("/console/inbox?view=team&lang=zh").text
    assert quiet.id in everything
    assert 'name="agency"' in everything
    high = operator.get("/console/inbox?view=team&least=high&lang=zh").text
    assert quiet.id not in high
    assert "没显示的还有" in high
    again = operator.get("/console/inbox?lang=zh").text
    assert quiet.id not in again, "the view and the filter are those of before"
    assert 'value="high" selected' in again
    nowhere = operator.get("/console/inbox?township=513431104&agency=demo-zhaojue-county-centre").text
    assert grave.id in nowhere, "an emergency is in every list"
    assert quiet.id not in nowhere
    assert quiet.id in operator.get("/console/inbox?view=team&least=&township=&agency=").text


@pytest.mark.parametrize("cookie", ["", "|||", "mine", "x|y|z|w|v", "team|high|%00|" + "a" * 5000, "<script>|<b>|'|\""])
def test_a_filter_that_is_none_counts_as_everything(desk: Desk, cookie: str) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    director.cookies.set("rightdoor-list", cookie, path="/console")
    page = director.get("/console/inbox?view=team&least=&township=&agency=")
    assert page.status_code == 200
    assert case.id in page.text
    assert director.get("/console/inbox").status_code == 200


def test_in_the_place_of_the_police_it_is_taken_on_only_with_who_called(desk: Desk) -> None:
    operator = desk.signs_in("operator")
    part = for_child(desk.world.family(ALONE))
    assert send(operator, desk, part, "accept").status_code == 409
    assert desk.world.part(part).status.waiting
    assert send(operator, desk, part, "accept", reason="family").status_code == 303
    assert desk.world.history(part)[-1].detail["called_by"] == "family"


@pytest.mark.parametrize(
    "form",
    [
        {"move": "accept", "seen": "x"},
        {"move": "decline", "reason": "no such reason"},
        {"move": "hand_on", "reason": "moved", "to": "nowhere"},
        {"move": "withdraw"},
        {"move": "../../etc/passwd"},
        {},
        {"move": "note", "words": "<script>alert(1)</script>", "seen": "-5"},
    ],
)
def test_garbage_changes_nothing_and_is_answered_with_the_case(desk: Desk, form: dict[str, str]) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    csrf = token(director.get("/console/inbox"))
    answer = director.post(f"/console/part/{part.id}/move", data={"csrf": csrf, "seen": "1"} | form)
    assert answer.status_code == 409
    assert "<script>alert" not in answer.text
    assert [event.move for event in desk.world.history(part)] == ["send"]


def test_a_huge_form_and_a_wrong_method_are_refused(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    huge = {"csrf": token(director.get("/console/inbox")), "move": "note", "words": "很长" * 2_000_000}
    assert director.post(f"/console/part/{part.id}/move", data=huge).status_code in (400, 413)
    assert director.get(f"/console/part/{part.id}/move").status_code == 405
    assert director.delete("/console/inbox").status_code == 405


def test_both_languages_and_no_word_of_one_in_the_other(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    english = director.get(f"/console/case/{case.id}?lang=en").text
    assert "What is known" in english
    assert "知道的情况" not in english
    assert "知道的情况" in director.get(f"/console/case/{case.id}?lang=zh").text
