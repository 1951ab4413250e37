"""Who sees what: every post, every page, families in two counties and one whose village must not know. Nothing outside succeeds."""

from __future__ import annotations

import httpx
import pytest

from bot.referrals import Case
from tests.console.conftest import Desk, token
from tests.referrals.world import COUNTY, SEED, for_child

# Post and county → what it may see: the family here, one far away, one whose own village must hear nothing.
FAR = "513431"
POSTS: dict[tuple[str, str], set[str]] = {
    ("director", COUNTY): {"here"},
    ("station", COUNTY): {"here", "shy"},
    ("centre", COUNTY): {"here", "shy"},
    ("court", COUNTY): {"here", "shy"},
    ("operator", COUNTY): {"here", "shy"},
    ("supervisor", COUNTY): {"here", "shy"},
    ("operator", FAR): {"far"},
    ("supervisor", FAR): {"far"},
    ("elsewhere", FAR): {"far"},
}
SHY = {"family": SEED["family"] | {"not_my_village": "yes"}, "children": SEED["children"]}


def families(desk: Desk) -> dict[str, Case]:
    desk.world.staffed("director", "station", "centre", "court", "elsewhere")
    world = desk.world
    return {"here": world.family(), "far": world.family(place="513431104"), "shy": world.family(SHY)}


def tries(browser: httpx.Client, case: Case) -> dict[str, int]:
    """Every page and every form about a case, and what it answers."""
    csrf = token(browser.get("/console/inbox"))
    part = for_child(case)
    form = {"csrf": csrf, "move": "note", "words": "看过了", "seen": str(part.revision)}
    return {
        "case": browser.get(f"/console/case/{case.id}").status_code,
        "details": browser.post(f"/console/case/{case.id}/details", data={"csrf": csrf}).status_code,
        "move": browser.post(f"/console/part/{part.id}/move", data=form).status_code,
    }


@pytest.mark.parametrize(("post", "county"), POSTS)
def test_no_page_and_no_form_outside_somebody_s_scope_succeeds(desk: Desk, post: str, county: str) -> None:
    known = families(desk)
    browser = desk.signs_in(post, county=county)
    for name, case in known.items():
        before = len(desk.world.history(for_child(case)))
        answers = tries(browser, case)
        if name in POSTS[post, county]:
            assert (answers["case"], answers["details"]) == (200, 200), name
        else:
            assert set(answers.values()) == {404}, name
            assert len(desk.world.history(for_child(case))) == before, name


def test_whoever_is_told_reads_and_changes_nothing(desk: Desk) -> None:
    case = families(desk)["here"]
    browser = desk.signs_in("station")
    page = browser.get(f"/console/case/{case.id}")
    assert f'action="/console/part/{for_child(case).id}/move' not in page.text
    assert tries(browser, case)["move"] == 409
    assert [event.move for event in desk.world.history(for_child(case))] == ["send"]


def test_an_inbox_lists_only_what_is_within_scope(desk: Desk) -> None:
    known = families(desk)
    page = desk.signs_in("operator").get("/console/inbox?view=team").text
    assert [name for name, case in known.items() if f"/console/case/{case.id}" in page] == ["here", "shy"]
    page = desk.signs_in("director", "director").get("/console/inbox?view=team").text
    assert [name for name, case in known.items() if f"/console/case/{case.id}" in page] == ["here"]


def test_without_signing_in_nothing_is_shown(desk: Desk) -> None:
    case = families(desk)["here"]
    with desk.browser() as nobody:
        for path in ("/console/inbox", f"/console/case/{case.id}"):
            assert nobody.get(path).headers["location"].startswith("/console/sign-in")
        assert nobody.post(f"/console/case/{case.id}/details", data={}).status_code == 401
        assert nobody.post(f"/console/part/{for_child(case).id}/move", data={"move": "accept"}).status_code == 401
