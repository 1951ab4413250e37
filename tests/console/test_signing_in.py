"""Signing in: a code makes one account, wrong tries end, sessions end, and nothing typed is lost when they do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.console.conftest import PASSWORD, Desk, token
from tests.referrals.world import for_child

WRONG = {"login": "director", "password": "not this one", "code": ""}


def audited(desk: Desk, action: str) -> int:
    with desk.world.services.store.engine.connect() as db:
        found = db.exec_driver_sql("SELECT count(*) FROM audit WHERE action = ?", (action,)).scalar()
    return int(found or 0)


def test_a_code_makes_one_account_and_opening_its_page_uses_nothing_up(desk: Desk) -> None:
    code = desk.code("director")
    with desk.browser() as browser:
        for _ in range(2):
            assert "村儿童主任" in browser.get(f"/console/join?code={code}").text
        form = {"invited": code, "login": "zhou", "password": PASSWORD, "repeated": PASSWORD, "secret": "A" * 32}
        assert browser.post("/console/join", data=form).status_code == 303
        assert browser.post("/console/join", data=form | {"login": "other"}).status_code == 400
        assert browser.get(f"/console/join?code={code}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"repeated": "another one altogether"}, "两次密码不一样"),
        ({"password": "short", "repeated": "short"}, "密码要10个字以上"),
        ({"login": "x"}, "登录名太短"),
        ({"code": "000000"}, "动态码不对"),
    ],
)
def test_what_is_not_right_is_said_and_uses_nothing_up(desk: Desk, changed: dict[str, str], said: str) -> None:
    code = desk.code("director")
    form = {
        "invited": code,
        "login": "zhou",
        "password": PASSWORD,
        "repeated": PASSWORD,
        "secret": "A" * 32,
        "lang": "zh",
    }
    with desk.browser() as browser:
        refused = browser.post("/console/join", data=form | changed)
        assert (refused.status_code, said in refused.text) == (400, True)
        assert PASSWORD not in refused.text
        assert browser.post("/console/join", data=form).status_code == 303


def test_a_supervisor_needs_a_second_factor(desk: Desk) -> None:
    form = {"invited": desk.code("supervisor"), "login": "chief", "password": PASSWORD, "repeated": PASSWORD}
    with desk.browser() as browser:
        assert browser.post("/console/join", data=form | {"secret": "A" * 32}).status_code == 400
    _, secret = desk.joins("supervisor", "chief")
    with desk.browser() as browser:
        without = browser.post("/console/sign-in", data={"login": "chief", "password": PASSWORD, "lang": "zh"})
        assert (without.status_code, "动态码" in without.text) == (401, True)
        desk.world.now += timedelta(seconds=60)
        signing = {"login": "chief", "password": PASSWORD, "code": desk.totp(secret)}
        assert browser.post("/console/sign-in", data=signing).status_code == 303
        assert browser.post("/console/sign-in", data=signing).status_code == 401, "a code counts once"


def test_five_wrong_tries_lock_the_account_for_a_while_and_are_written_down(desk: Desk) -> None:
    _, secret = desk.joins("director")
    with desk.browser() as browser:
        for _ in range(5):
            assert browser.post("/console/sign-in", data=WRONG).status_code == 401
        right = {"login": "director", "password": PASSWORD, "code": desk.totp(secret), "lang": "zh"}
        locked = browser.post("/console/sign-in", data=right)
        assert (locked.status_code, "15分钟" in locked.text) == (401, True)
        desk.world.now += timedelta(minutes=16)
        assert browser.post("/console/sign-in", data=right | {"code": desk.totp(secret)}).status_code == 303
    assert audited(desk, "sign_in_failed") == 5
    assert audited(desk, "sign_in") == 1


def test_nobody_is_told_whether_a_name_exists(desk: Desk) -> None:
    desk.joins("director")
    with desk.browser() as browser:
        known = browser.post("/console/sign-in", data=WRONG | {"lang": "zh"}).text
        unknown = browser.post("/console/sign-in", data=WRONG | {"login": "nobody", "lang": "zh"}).text
    assert known == unknown


def test_a_session_ends_by_idleness_by_age_and_by_leaving(desk: Desk) -> None:
    browser = desk.signs_in("director")
    assert browser.get("/console/inbox").status_code == 200
    desk.world.now += timedelta(minutes=46)
    assert browser.get("/console/inbox").headers["location"].startswith("/console/sign-in")
    busy = desk.signs_in("station")
    for _ in range(18):
        desk.world.now += timedelta(minutes=40)
        last = busy.get("/console/inbox")
    assert last.status_code == 303
    leaving = desk.signs_in("centre")
    page = leaving.get("/console/inbox")
    cookies = dict(leaving.cookies)
    leaving.post("/console/sign-out", data={"csrf": token(page)})
    leaving.cookies.update(cookies)
    assert leaving.get("/console/inbox").status_code == 303, "the old cookie opens nothing"


def test_a_form_without_this_session_s_token_or_from_another_site_does_nothing(desk: Desk) -> None:
    browser = desk.signs_in("director")
    part = for_child(desk.world.family())
    move = f"/console/part/{part.id}/move"
    form = {"csrf": "0" * 64, "move": "accept", "seen": str(part.revision)}
    assert browser.post(move, data=form).status_code == 403
    form["csrf"] = token(browser.get("/console/inbox"))
    assert browser.post(move, data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert desk.world.part(part).status.waiting


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in_again(desk: Desk) -> None:
    _, secret = desk.joins("director")
    browser = desk.browser()
    desk.world.now += timedelta(seconds=60)
    signing = {"login": "director", "password": PASSWORD, "code": desk.totp(secret)}
    browser.post("/console/sign-in", data=signing)
    part = for_child(desk.world.family())
    csrf = token(browser.get("/console/inbox"))
    desk.world.now += timedelta(hours=1)
    typed = {"csrf": csrf, "move": "note", "words": "外婆说孩子在发烧", "seen": str(desk.world.part(part).revision)}
    asked = browser.post(f"/console/part/{part.id}/move", data=typed)
    assert asked.status_code == 401
    assert "外婆说孩子在发烧" in asked.text
    again = {name: typed[name] for name in ("move", "words", "seen")} | {"again_to": f"/console/part/{part.id}/move"}
    page = browser.post("/console/sign-in", data=signing | again | {"code": desk.totp(secret)})
    assert "外婆说孩子在发烧" in page.text
    sent = browser.post(f"/console/part/{part.id}/move", data=typed | {"csrf": token(page)})
    assert sent.status_code == 303
    assert desk.world.history(part)[-1].detail["words"] == "外婆说孩子在发烧"


def test_nobody_is_led_to_another_site_after_signing_in(desk: Desk) -> None:
    _, secret = desk.joins("director")
    desk.world.now += timedelta(seconds=60)
    with desk.browser() as browser:
        form = {"login": "director", "password": PASSWORD, "code": desk.totp(secret), "again_to": "//evil.example/x"}
        assert browser.post("/console/sign-in", data=form).headers["location"].startswith("/console/inbox")
