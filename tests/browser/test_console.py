"""The console in a real browser: a second factor, a referral taken on by thumb, a supervisor by keyboard, and axe on each page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from bot.decisions import Risk
from bot.referrals import Case, Status
from bot.turns.services import Services
from tests.console.conftest import PASSWORD, Desk, desk, opened
from tests.console.provider import provided
from tests.referrals.world import ALONE, for_child

__all__ = ["desk"]
pytestmark = pytest.mark.browser

PHONE, OLD_PC = {"width": 360, "height": 640}, {"width": 1366, "height": 768}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
SHOTS = os.environ.get("RIGHTDOOR_SHOTS", "")  # a folder for pictures of what was seen


@pytest.fixture
def phone(browser: Browser, desk: Desk, language: str) -> Iterator[Page]:
    locale = "zh-CN" if language == "zh" else "en-GB"
    with browser.new_context(viewport=PHONE, locale=locale, base_url=desk.address, java_script_enabled=True) as context:
        yield context.new_page()


def signs_in(page: Page, desk: Desk, post: str) -> None:
    _, secret = desk.joins(post)
    desk.world.now += timedelta(seconds=60)
    page.goto("/console")
    page.locator("#login").fill(post)
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(desk.totp(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/inbox**")


def looks_right(page: Page, name: str) -> None:
    """No violation that axe knows, nothing wider than the screen; a picture is kept where somebody wants to look."""
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "it scrolls sideways"
    )
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def seed(desk: Desk) -> Case:
    return desk.world.family()


def test_a_village_director_takes_a_referral_on_by_thumb(phone: Page, desk: Desk, language: str) -> None:
    signs_in(phone, desk, "director")
    case = seed(desk)
    phone.reload()
    looks_right(phone, f"inbox-phone-{language}")
    phone.locator(".line a").first.click()
    looks_right(phone, f"case-phone-{language}")
    phone.get_by_role("button", name="我接了" if language == "zh" else "I take it").click()
    expect(phone.get_by_role("status")).to_be_visible()
    assert desk.world.part(for_child(case)).status is Status.ACCEPTED
    phone.get_by_role("button", name="看情况" if language == "zh" else "Show what was told").click()
    expect(phone.locator(".facts li").first).to_be_visible()
    looks_right(phone, f"details-phone-{language}")
    phone.goto("/console/messages")
    looks_right(phone, f"messages-phone-{language}")


def test_a_supervisor_on_an_old_pc_decides_otherwise_by_keyboard(browser: Browser, desk: Desk, language: str) -> None:
    locale = "zh-CN" if language == "zh" else "en-GB"
    with browser.new_context(viewport=OLD_PC, locale=locale, base_url=desk.address) as context:
        page = context.new_page()
        signs_in(page, desk, "supervisor")
        case, grave = seed(desk), desk.world.family(ALONE)
        page.goto("/console/inbox?view=team")
        looks_right(page, f"inbox-pc-{language}")
        assert page.locator(".line a").first.get_attribute("href") == f"/console/case/{grave.id}?lang={language}"
        page.goto(f"/console/case/{case.id}")
        part = page.locator("section.part").first
        part.locator("summary", has_text="改判" if language == "zh" else "Decide otherwise").focus()
        page.keyboard.press("Enter")
        looks_right(page, f"case-pc-{language}")
        form = part.locator("form", has=page.locator('input[value="overrule"]'))
        form.locator("select[name=to]").select_option("high")
        form.locator("select[name=reason]").select_option("not_asked")
        form.locator("button").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".done")).to_have_text("已记下。" if language == "zh" else "Recorded.")
        expect(page.locator("[data-held]")).to_be_visible()
        looks_right(page, f"undo-pc-{language}")
        desk.world.passes(seconds=11)
        page.goto("/console/reports")
        looks_right(page, f"reports-pc-{language}")
    assert "overrule" in [event.move for part in case.parts for event in desk.world.history(part)]


def test_what_the_operator_left_climbs_to_a_supervisor_who_takes_it_and_hands_it_on_by_keyboard(
    browser: Browser, desk: Desk, language: str
) -> None:
    locale = "zh-CN" if language == "zh" else "en-GB"
    operator = desk.world.staffed("operator").people["operator"].id
    with browser.new_context(viewport=OLD_PC, locale=locale, base_url=desk.address) as context:
        page = context.new_page()
        signs_in(page, desk, "supervisor")
        child = for_child(desk.world.family(ALONE))
        assert desk.world.part(child).owner.staff == operator
        desk.world.passes(minutes=6)
        expect(page.locator(".line.emergency")).to_have_count(1)
        assert desk.world.part(child).owner.staff == desk.world.people["supervisor"].id
        looks_right(page, f"escalated-pc-{language}")
        page.locator(".line a").first.focus()
        page.keyboard.press("Enter")
        part = page.locator("section.part").first
        chosen(page, part, "accept", reason="staff")
        looks_right(page, f"escalated-taken-pc-{language}")
        chosen(page, part, "hand_on", reason="no_capacity", to=operator)
    moves = [event.move for event in desk.world.history(child)]
    assert moves[-3:] == ["escalate", "accept", "hand_on"]
    assert desk.world.part(child).owner.staff == operator


def chosen(page: Page, part: Locator, move: str, *, reason: str, to: str = "") -> None:
    """A move made with the keyboard: its form opened, filled in and sent."""
    form = part.locator("form", has=page.locator(f'input[value="{move}"]'))
    form.locator("xpath=ancestor::details/summary").focus()
    page.keyboard.press("Enter")
    if to:
        form.locator("select[name=to]").select_option(to)
    form.locator("select[name=reason]").select_option(reason)
    form.locator("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_visible()


def test_signing_in_and_joining_are_usable_by_everybody(phone: Page, desk: Desk, language: str) -> None:
    phone.goto("/console/sign-in")
    looks_right(phone, f"sign-in-phone-{language}")
    phone.locator("#login").fill("nobody")
    phone.locator("#password").fill("not a password")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_be_visible()
    looks_right(phone, f"sign-in-wrong-phone-{language}")
    phone.goto(f"/console/join?code={desk.code('supervisor')}")
    looks_right(phone, f"join-phone-{language}")


def test_in_the_dark_every_pair_of_colours_is_strong_enough(browser: Browser, desk: Desk) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", base_url=desk.address, color_scheme="dark") as context:
        page = context.new_page()
        signs_in(page, desk, "operator")
        desk.world.family(ALONE)
        case = seed(desk)
        page.goto("/console/inbox?view=team")
        looks_right(page, "inbox-dark-zh")
        page.goto(f"/console/case/{case.id}")
        looks_right(page, "case-dark-zh")


def test_the_whole_of_it_works_without_a_script(browser: Browser, desk: Desk) -> None:
    with browser.new_context(
        viewport=PHONE, locale="zh-CN", base_url=desk.address, java_script_enabled=False
    ) as context:
        page = context.new_page()
        signs_in(page, desk, "director")
        case = seed(desk)
        page.goto(f"/console/case/{case.id}")
        page.get_by_role("button", name="我接了").click()
        expect(page.get_by_role("status")).to_have_text("已记下。")


def test_one_key_opens_takes_on_and_undoes(browser: Browser, desk: Desk, language: str) -> None:
    locale = "zh-CN" if language == "zh" else "en-GB"
    with browser.new_context(viewport=OLD_PC, locale=locale, base_url=desk.address) as context:
        page = context.new_page()
        signs_in(page, desk, "director")
        child = for_child(seed(desk))
        expect(page.locator(".line")).to_have_count(1)
        page.keyboard.press("1")
        page.wait_for_url("**/console/case/**")
        page.keyboard.press("a")
        expect(page.locator(".done")).to_be_visible()
        page.keyboard.press("h")
        form = page.locator("section.part form", has=page.locator('input[value="hand_on"]')).first
        form.locator("select[name=to]").select_option("township_station")
        form.locator("select[name=reason]").select_option("better_placed")
        form.locator("button").press("Enter")
        expect(page.locator("[data-held]")).to_be_visible()
        page.keyboard.press("z")
        expect(page.locator("[data-held]")).to_have_count(0)
    desk.world.passes(seconds=11)
    assert [event.move for event in desk.world.history(child)] == ["send", "accept"]


def test_what_is_new_appears_by_itself_also_after_a_lost_connection(browser: Browser, desk: Desk) -> None:
    with browser.new_context(viewport=OLD_PC, locale="zh-CN", base_url=desk.address) as context:
        page = context.new_page()
        signs_in(page, desk, "director")
        expect(page.locator(".line")).to_have_count(0)
        seed(desk)
        expect(page.locator(".line")).to_have_count(1)
        context.set_offline(True)
        seed(desk)
        context.set_offline(False)
        expect(page.locator(".line")).to_have_count(2, timeout=20_000)


def test_whoever_is_in_the_middle_of_something_is_told_and_not_disturbed(browser: Browser, desk: Desk) -> None:
    with browser.new_context(viewport=OLD_PC, locale="zh-CN", base_url=desk.address) as context:
        page = context.new_page()
        signs_in(page, desk, "director")
        case = seed(desk)
        page.goto(f"/console/case/{case.id}")
        page.locator("summary", has_text="记一笔").click()
        page.locator("textarea").first.fill("正写着")
        seed(desk)
        expect(page.locator("#news")).to_be_visible()
        expect(page.locator("textarea").first).to_have_value("正写着")


@pytest.mark.parametrize(
    "path", ["/console/rules", "/console/calendar", "/console/calls", "/console/case/{}/sheet?shown=1"]
)
def test_the_other_pages_are_usable_by_everybody(phone: Page, desk: Desk, language: str, path: str) -> None:
    signs_in(phone, desk, "operator")
    case = seed(desk)
    phone.goto(path.format(case.id))
    if "rules" in path:
        phone.locator("summary").first.click()
    looks_right(phone, f"{path.split('/')[2]}-phone-{language}")


@pytest.mark.parametrize(
    ("post", "path"),
    [
        ("administrator", "/console/people"),
        ("administrator", "/console/directory"),
        ("auditor", "/console/audit?check=1"),
        ("auditor", "/console/directory"),
    ],
)
def test_who_lets_in_and_who_reads_the_log_have_usable_pages(
    phone: Page, desk: Desk, language: str, post: str, path: str
) -> None:
    signs_in(phone, desk, post)
    phone.goto(path)
    if path.endswith("people"):
        phone.locator("#post").select_option(index=1)
        phone.locator("main form button").first.click()
        expect(phone.locator(".done code").first).to_be_visible()
    looks_right(phone, f"{post}-{path.rsplit('/', maxsplit=1)[-1].split('?', maxsplit=1)[0]}-phone-{language}")


def test_a_filter_and_two_versions_side_by_side_are_usable_by_everybody(phone: Page, desk: Desk, language: str) -> None:
    desk.world.staffed("court")
    signs_in(phone, desk, "operator")
    case = seed(desk)
    phone.goto("/console/inbox?view=team&least=high")
    looks_right(phone, f"inbox-filtered-phone-{language}")
    phone.goto(f"/console/case/{case.id}")
    with desk.world.moving() as moving:
        moving.overrule(for_child(case).id, desk.world.people["operator"], "not_asked", risk=Risk.HIGH)
    part = phone.locator("section.part", has=phone.locator(f'form[action*="{for_child(case).id}"]'))
    part.locator("summary", has_text="记一笔" if language == "zh" else "Add a note").click()
    part.locator("textarea").first.fill("外婆说下周可以")
    part.locator("form", has=phone.locator("textarea")).first.locator("button").click()
    expect(phone.locator("#both")).to_be_visible()
    looks_right(phone, f"both-phone-{language}")


def test_the_way_back_from_an_agency_s_own_accounts_is_usable_by_everybody(
    browser: Browser, loaded: Services, tmp_path: Path, language: str
) -> None:
    locale = "zh-CN" if language == "zh" else "en-GB"
    with provided() as provider, opened(loaded, tmp_path, provider.settings) as own:
        provider.world = own.world
        with browser.new_context(viewport=PHONE, locale=locale, base_url=own.address) as context:
            page = context.new_page()
            page.goto(f"/console/join?code={own.code('director')}")
            looks_right(page, f"own-join-phone-{language}")
            page.locator("main a.button").click()
            page.wait_for_url("**/console/inbox**")
            page.goto("/console/sign-in")
            looks_right(page, f"own-sign-in-phone-{language}")
