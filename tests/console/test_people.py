"""People and roles: who comes is invited, who goes opens nothing any more, and who lets others in sees no family."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from bot.store import Work
from tests.console.conftest import PASSWORD, Desk, token
from tests.console.test_working import audited, send
from tests.referrals.world import COUNTY, for_child


def invites(browser: httpx.Client, post: str, name: str = "小王") -> httpx.Response:
    form = {"csrf": token(browser.get("/console/people")), "post": post, "name": name}
    return browser.post("/console/people", data=form)


def leaves(browser: httpx.Client, staff: str) -> httpx.Response:
    return browser.post(f"/console/people/{staff}/leave", data={"csrf": token(browser.get("/console/people"))})


def test_somebody_is_invited_joins_and_works(desk: Desk) -> None:
    admin = desk.signs_in("administrator")
    made = invites(admin, "village_worker demo-yangzhong-xinba-village")
    code = re.search(r"/start ([A-Z2-9]{10})", made.text)
    assert code
    assert f"/console/join?code={code[1]}" in unescape(made.text)
    form = {"invited": code[1], "login": "new", "password": PASSWORD, "repeated": PASSWORD, "lang": "zh"}
    assert desk.browser().post("/console/join", data=form).status_code == 303
    assert "小王" in admin.get("/console/people").text
    case = desk.world.family()
    with desk.world.services.store.read() as work:
        account = work.accounts.by_login("new")
        assert account is not None
        assert for_child(case).owner.staff == account.staff


@pytest.mark.parametrize(
    "post", ["", "village_worker nowhere", "administrator demo-yangzhong-xinba-village", "king demo"]
)
def test_a_post_that_is_not_here_is_refused(desk: Desk, post: str) -> None:
    admin = desk.signs_in("administrator")
    refused = invites(admin, post)
    assert refused.status_code == 409
    assert "/start" not in refused.text


def test_whoever_goes_opens_nothing_any_more(desk: Desk) -> None:
    admin, director = desk.signs_in("administrator"), desk.signs_in("director")
    person = desk.world.people["director"]
    with desk.world.services.store.work() as work:
        key = work.api_keys.make(person.id, ["read"], desk.world.now)
    assert leaves(admin, person.id).status_code == 200
    assert director.get("/console/inbox").headers["location"].startswith("/console/sign-in")
    form = {"login": "director", "password": PASSWORD, "code": desk.totp(desk.secrets["director"])}
    assert desk.browser().post("/console/sign-in", data=form).status_code == 401
    with desk.world.services.store.work() as work:
        assert work.api_keys.known(key, desk.world.now) is None
    assert for_child(desk.world.family()).owner.staff != person.id
    assert audited(desk, "end_access") == 1


def test_nobody_goes_while_a_family_waits_for_them(desk: Desk) -> None:
    admin, director = desk.signs_in("administrator"), desk.signs_in("director")
    part = for_child(desk.world.family())
    send(director, desk, part, "accept")
    refused = leaves(admin, desk.world.people["director"].id)
    assert refused.status_code == 409
    assert "手里还有" in refused.text
    assert director.get("/console/inbox").status_code == 200


def test_nobody_ends_their_own_access_or_that_of_another_county(desk: Desk) -> None:
    admin = desk.signs_in("administrator")
    desk.signs_in("elsewhere", county="513431")
    for post in ("administrator", "elsewhere"):
        assert leaves(admin, desk.world.people[post].id).status_code == 409
    assert "demo-zhaojue" not in admin.get("/console/people").text


@pytest.mark.parametrize("post", ["administrator", "auditor"])
def test_who_lets_in_or_reads_the_log_sees_no_family_and_gets_none(desk: Desk, post: str) -> None:
    browser = desk.signs_in(post)
    case = desk.world.family()
    part = for_child(case)
    assert case.id not in browser.get("/console/inbox?view=team").text
    assert browser.get(f"/console/case/{case.id}").status_code == 404
    assert browser.post("/console/calls", data={"csrf": token(browser.get("/console/inbox"))}).status_code == 404
    assert desk.world.people[post].id not in {each.owner.staff for each in case.parts}
    assert send(browser, desk, part, "overrule", reason="not_asked", to="high").status_code in (404, 409)


@pytest.mark.parametrize("post", ["administrator", "auditor"])
def test_nothing_can_be_handed_to_them(desk: Desk, post: str) -> None:
    director = desk.signs_in("director")
    desk.joins(post)
    part = for_child(desk.world.family())
    refused = send(director, desk, part, "hand_on", reason="no_capacity", to=desk.world.people[post].id)
    assert refused.status_code == 409
    assert desk.world.part(part).owner.staff == desk.world.people["director"].id


@pytest.mark.parametrize("post", ["director", "operator", "supervisor", "auditor"])
def test_people_are_for_administrators(desk: Desk, post: str) -> None:
    browser = desk.signs_in(post)
    csrf = token(browser.get("/console/inbox"))
    assert browser.get("/console/people").status_code == 404
    assert browser.post("/console/people", data={"csrf": csrf, "post": "x", "name": ""}).status_code == 404
    assert browser.post(f"/console/people/{desk.world.people[post].id}/leave", data={"csrf": csrf}).status_code == 404


def test_an_auditor_reads_who_looked_and_checks_the_seals(desk: Desk) -> None:
    auditor, director = desk.signs_in("auditor"), desk.signs_in("director")
    case = desk.world.family()
    director.get(f"/console/case/{case.id}")
    log = auditor.get("/console/audit").text
    assert "read_case" in log
    assert case.id in auditor.get(f"/console/audit?about={case.id}").text
    assert "和封存时一样" in auditor.get("/console/audit?check=1").text
    with desk.world.services.store.work() as work:
        sealed(work, desk)
        work.audit._tx.db.exec_driver_sql("UPDATE audit SET actor = 'nobody' WHERE action = 'read_case'")  # noqa: SLF001 – a thief
    assert "被改过" in auditor.get("/console/audit?check=1").text
    assert director.get("/console/audit").status_code == 404


def test_the_log_of_another_county_is_not_there(desk: Desk) -> None:
    auditor, director = desk.signs_in("auditor", county="513431"), desk.signs_in("director")
    case = desk.world.family()
    director.get(f"/console/case/{case.id}")
    assert case.id not in auditor.get(f"/console/audit?about={case.id}").text.replace(f'value="{case.id}"', "")


def test_second_factors_are_asked_of_both(desk: Desk) -> None:
    for post in ("administrator", "auditor"):
        form = {
            "invited": desk.code(post, COUNTY),
            "login": post,
            "password": PASSWORD,
            "repeated": PASSWORD,
            "lang": "zh",
        }
        assert desk.browser().post("/console/join", data=form).status_code == 400


def sealed(work: Work, desk: Desk) -> None:
    """Everything so far is sealed."""
    work.seals.seal(desk.world.now.replace(year=desk.world.now.year + 1))
