"""The desk for calls over HTTP: whose it is, what forms carry, what is refused."""

from __future__ import annotations

import json
import re
from html import unescape

import httpx
import pytest

from bot.store import Call
from tests.console.conftest import Desk, token


def rings(browser: httpx.Client) -> str:
    """A call begins; its page."""
    page = browser.get("/console/calls")
    form = {"csrf": token(page), "nonce": nonce(page)}
    return browser.post("/console/calls", data=form).headers["location"].split("?")[0]


def nonce(page: httpx.Response) -> str:
    found = re.search(r'name="nonce" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]


def presses(browser: httpx.Client, call: str, do: str, **typed: str) -> httpx.Response:
    page = browser.get(call)
    return browser.post(call, data={"csrf": token(page), "nonce": nonce(page), "do": do, **typed})


def stands(desk: Desk, call: str) -> Call:
    with desk.world.services.store.work() as work:
        found = work.calls.get(call.rsplit("/", 1)[1])
        assert found is not None
        return found


def test_a_form_sent_twice_counts_once(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    page = browser.get("/console/calls")
    form = {"csrf": token(page), "nonce": nonce(page)}
    first, second = (browser.post("/console/calls", data=form).headers["location"] for _ in range(2))
    assert first == second
    call = first.split("?")[0]
    page = browser.get(call)
    form = {"csrf": token(page), "nonce": nonce(page), "heard": "孩子五岁", "do": '/answer{"danger_screen":"none"}'}
    assert [browser.post(call, data=form).status_code for _ in range(2)] == [303, 303]
    assert len((stands(desk, call).memory or {})["notes"]) == 1


def test_notes_and_a_key_go_together(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    presses(browser, call, '/answer{"danger_screen":"none"}', heard="孩子五岁")
    page = unescape(browser.get(call).text)
    assert "孩子五岁" in page
    assert '"concern_divorce":"yes"' in page


def test_enter_in_a_field_is_its_own_key(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    presses(browser, call, '/ask{"fact":"place"}')
    presses(browser, call, "", where="江苏扬中新坝镇")
    assert "扬中市新坝镇" in browser.get(call).text


def test_words_are_never_markup(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    presses(browser, call, "read", heard='<script>alert(1)</script> 孩子五岁"><img src=x>')
    assert "<script>alert" not in browser.get(call).text
    assert "<img src=x>" not in browser.get(call).text


@pytest.mark.parametrize(
    ("do", "status"),
    [("/nonsense", 409), ('/confirm{"n":"9"}', 409), ("/answer{not json", 409), ("gibberish", 303), ("hand over", 409)],
)
def test_a_forged_key_changes_nothing(desk: Desk, do: str, status: int) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    before = stands(desk, call)
    assert presses(browser, call, do).status_code == status
    assert (stands(desk, call).operator, stands(desk, call).ended) == (before.operator, before.ended)


def test_what_was_typed_is_still_there_when_a_key_is_refused(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    refused = presses(browser, call, "/nonsense", heard="他说要打人")
    assert refused.status_code == 409
    assert "他说要打人" in refused.text


def test_a_call_is_seen_by_whoever_has_it_only(desk: Desk) -> None:
    call = rings(desk.signs_in("operator"))
    for post, county in (("supervisor", "321182"), ("director", "321182"), ("elsewhere", "513431")):
        other = desk.signs_in(post, county=county)
        assert other.get(call).status_code == 404
        assert other.get(f"{call}/end").status_code == 404


def test_nobody_else_begins_a_call(desk: Desk) -> None:
    browser = desk.signs_in("director")
    page = browser.get("/console/inbox")
    assert browser.post("/console/calls", data={"csrf": token(page), "nonce": "1"}).status_code == 404
    assert "/console/calls" not in page.text


def test_a_call_is_handed_over_and_taken_up(desk: Desk) -> None:
    browser, other = desk.signs_in("operator"), desk.signs_in("supervisor")
    call = rings(browser)
    to = desk.world.people["supervisor"].id
    assert presses(browser, call, "hand over", to=to).status_code == 303
    assert browser.get(call).status_code == 404
    assert call in other.get("/console/calls").text
    assert other.get(call).status_code == 200
    assert "/hold" not in other.get(call).text
    presses(other, call, "/resume")
    assert stands(desk, call).held is None
    page = browser.get("/console/calls")
    assert browser.post(f"{call}/take", data={"csrf": token(page)}).headers["location"].startswith("/console/calls")
    presses(other, call, "/hold")
    assert browser.post(f"{call}/take", data={"csrf": token(page)}).headers["location"].startswith(call)


def test_a_receipt_code_finds_the_familys_case(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    family = desk.world.family()
    call = rings(browser)
    assert presses(browser, call, "receipt", receipt="1234 5678 9012 3456").status_code == 409
    assert presses(browser, call, "receipt", receipt=family.receipt).status_code == 303
    page = browser.get(call).text
    assert f"/console/case/{family.id}" in page
    assert "两个人都不想带" in page


def test_a_code_of_another_county_finds_nothing(desk: Desk) -> None:
    browser = desk.signs_in("operator", county="513431")
    family = desk.world.family()
    call = rings(browser)
    assert presses(browser, call, "receipt", receipt=family.receipt).status_code == 409
    assert stands(desk, call).case is None


def test_where_harm_is_suspected_the_desk_says_to_tell_nothing(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    presses(browser, call, '/answer{"concern_violence":"yes"}')
    assert "不说谁在办" in browser.get(call).text


def test_what_if_is_looked_at_and_not_kept(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    supposed = presses(browser, call, "suppose", suppose="screen_danger  yes")
    assert supposed.status_code == 200
    assert "只是假设" in supposed.text
    assert "紧急" in supposed.text
    assert stands(desk, call).case is None
    assert presses(browser, call, "suppose", suppose="screen_dangr  yes").status_code == 409


def test_a_prank_in_which_danger_was_noted_does_not_end(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    presses(browser, call, '/answer{"screen_danger":"yes"}')
    refused = presses(browser, call, '/end{"kind":"prank"}', here="end")
    assert refused.status_code == 409
    assert stands(desk, call).ended is None
    assert presses(browser, call, '/end{"kind":"cut_off"}', here="end").headers["location"].startswith(f"{call}/end")
    assert stands(desk, call).kind == "cut_off"


def test_whoever_looks_at_a_call_is_written_down(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    browser.get(call)
    with desk.world.services.store.work() as work:
        actions = {row.action for row in work.audit.about(call.rsplit("/", 1)[1])}
    assert {"begin_call", "read_call"} <= actions


def test_a_desk_of_large_notes_refuses_what_is_too_large(desk: Desk) -> None:
    browser = desk.signs_in("operator")
    call = rings(browser)
    page = browser.get(call)
    form = {"csrf": token(page), "nonce": nonce(page), "heard": "孩" * 200_000}
    assert browser.post(call, data=form).status_code == 413
    assert json.dumps((stands(desk, call).memory or {})["notes"]) == "[]"
