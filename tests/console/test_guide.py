"""The guided first case: its steps are ticked by what somebody really did, and a made-up family comes when it is asked for."""

from __future__ import annotations

import pytest

from tests.console.conftest import Desk, token
from tests.console.test_working import send
from tests.referrals.world import for_child


def test_steps_are_ticked_by_what_was_done_and_go_once_all_are(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    part = for_child(case)
    page = director.get("/console/inbox?lang=zh").text
    assert "第一次用" in page
    assert "做过了" not in page
    csrf = token(director.get(f"/console/case/{case.id}"))
    assert director.get("/console/inbox?lang=zh").text.count("做过了") == 1
    director.post(f"/console/case/{case.id}/details", data={"csrf": csrf})
    for move in ("accept", "contact"):
        send(director, desk, part, move)
    assert director.get("/console/inbox?lang=zh").text.count("做过了") == 4
    send(director, desk, part, "note", words="下周再去")
    assert "第一次用" not in director.get("/console/inbox?lang=zh").text


def test_a_made_up_family_comes_to_the_list_of_whoever_asks(desk: Desk) -> None:
    director = desk.signs_in("director")
    page = director.get("/console/inbox?lang=zh")
    assert "送来一家虚构的" in page.text
    sent = director.post("/console/guide?lang=zh", data={"csrf": token(page), "do": "practise"})
    assert sent.status_code == 303
    page = director.get("/console/inbox?view=team&lang=zh")
    assert page.text.count('class="line ') == 1
    assert "新坝镇" in page.text


def test_who_would_not_have_it_is_not_offered_a_made_up_family(desk: Desk) -> None:
    centre = desk.signs_in("centre")
    page = centre.get("/console/inbox?lang=zh")
    assert "送来一家虚构的" not in page.text
    assert centre.post("/console/guide", data={"csrf": token(page), "do": "practise"}).status_code == 404


@pytest.mark.parametrize("post", ["director", "operator", "supervisor", "administrator", "auditor", "court"])
def test_everybody_has_steps_until_they_put_them_away(desk: Desk, post: str) -> None:
    browser = desk.signs_in(post)
    page = browser.get("/console/inbox?lang=en")
    assert "step by step" in page.text
    browser.post("/console/guide", data={"csrf": token(page), "do": "close"})
    assert "step by step" not in browser.get("/console/inbox?lang=en").text


def test_every_step_leads_to_a_page_that_is_there(desk: Desk) -> None:
    for post in ("director", "operator", "supervisor", "administrator", "auditor"):
        browser = desk.signs_in(post)
        page = browser.get("/console/inbox?lang=zh").text
        steps = page[page.index('class="guide"') : page.index("</ol>")]
        paths = [part.split('"')[0].replace("&amp;", "&") for part in steps.split('href="')[1:]]
        assert paths
        assert {browser.get(path).status_code for path in paths} == {200}
