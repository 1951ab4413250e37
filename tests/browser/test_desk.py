"""The desk for calls in a real browser: the seed story by keyboard alone, from the ringing telephone to the receipt code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.referrals.receipt import find_receipt
from tests.browser.test_console import OLD_PC, PHONE, looks_right, signs_in
from tests.console.conftest import PASSWORD, Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.browser
LIGHT = 100_000  # bytes, page, style and scripts together


@pytest.fixture
def pc(browser: Browser, desk: Desk, language: str) -> Iterator[Page]:
    locale = "zh-CN" if language == "zh" else "en-GB"
    with browser.new_context(viewport=OLD_PC, locale=locale, base_url=desk.address) as context:
        yield context.new_page()


def key(page: Page, pressed: str) -> None:
    """One key on SAY, and what it changes has come."""
    before = page.locator("[name=nonce]").input_value()
    page.keyboard.press(pressed)
    expect(page.locator("[name=nonce]")).not_to_have_value(before)


def choose(page: Page, *words: str) -> None:
    """The key of the answer with one of these words."""
    shown = [(b.inner_text(), b.get_attribute("data-key") or "") for b in page.locator("#say .keys button").all()]
    key(page, next(pressed for word in words for text, pressed in shown if word in text))


def rings(page: Page, desk: Desk, post: str = "operator") -> None:
    signs_in(page, desk, post)
    page.goto("/console/calls")
    page.keyboard.press("c")
    page.wait_for_url("**/console/call/*")
    expect(page.locator("#say")).to_be_focused()


def test_the_seed_story_by_keyboard_alone_and_accepted_on_a_phone(
    pc: Page, desk: Desk, language: str, browser: Browser
) -> None:
    desk.world.staffed("court")
    locale = "zh-CN" if language == "zh" else "en-GB"
    phone = browser.new_context(viewport=PHONE, locale=locale, base_url=desk.address).new_page()
    signs_in(phone, desk, "director")
    expect(phone.locator(".line")).to_have_count(0)
    rings(pc, desk)
    looks_right(pc, f"desk-begin-{language}")
    choose(pc, "都没有", "None of these")
    choose(pc, "要离婚", "Divorce")
    pc.keyboard.press("Alt+n")
    expect(pc.locator("#notes")).to_be_focused()
    pc.keyboard.type("他也不要我也不要，孩子五岁，跟着外婆，在江苏扬中新坝镇")
    key(pc, "Enter")
    while pc.locator("[data-first]").count():
        expect(pc.locator("[data-first]")).to_be_focused()
        looks_right(pc, f"desk-reading-{language}")
        key(pc, "Enter")
    expect(pc.locator("#notes")).to_be_focused()
    pc.keyboard.press("Shift+Tab")
    for _ in range(12):
        if not pc.locator("#say .keys button").count():
            break
        choose(
            pc, "没有别的", "Nothing else", "在办", "under way", "两个人都", "Neither parent", "跟爷爷奶奶", "with relatives",
            "先不留", "Not now", "都没有", "None", "不知道", "do not know", "我是", "I am", "no other", "",
        )  # fmt: skip
    looks_right(pc, f"desk-told-{language}")
    assert pc.evaluate("document.documentElement.scrollHeight <= window.innerHeight"), "the desk scrolls"
    pc.keyboard.press("Alt+e")
    pc.wait_for_url("**/end**")
    looks_right(pc, f"desk-end-{language}")
    pc.keyboard.press("r")
    expect(pc.locator(".receipt")).to_be_visible()
    looks_right(pc, f"desk-receipt-{language}")
    assert find_receipt(pc.locator(".receipt").inner_text().replace("\n", ""))
    pc.keyboard.press("1")
    expect(pc.get_by_role("status")).to_be_visible()
    looks_right(pc, f"desk-ended-{language}")
    phone.locator(".line a").first.click()  # it has come by itself
    looks_right(phone, f"desk-case-phone-{language}")
    phone.get_by_role("button", name="我接了" if language == "zh" else "I take it").click()
    expect(phone.get_by_role("status").filter(has_text="已记下" if language == "zh" else "Recorded")).to_be_visible()
    phone.context.close()


def test_danger_stands_on_top_and_the_card_is_read_first(pc: Page, desk: Desk, language: str) -> None:
    rings(pc, desk)
    choose(pc, "危险", "danger")
    expect(pc.locator("#say .card")).to_contain_text("110")
    expect(pc.locator("#danger")).to_contain_text("⚠")
    looks_right(pc, f"desk-danger-{language}")


def test_a_call_is_handed_to_a_colleague_on_a_page_for_everybody(pc: Page, desk: Desk, language: str) -> None:
    desk.world.staffed("supervisor")
    rings(pc, desk)
    pc.goto(pc.url.split("?")[0] + f"/hand?lang={language}")
    looks_right(pc, f"desk-hand-{language}")
    pc.locator("main button").focus()
    pc.keyboard.press("Enter")
    pc.wait_for_url("**/console/calls**")
    looks_right(pc, f"desk-handed-{language}")


def test_a_first_load_is_light(pc: Page, desk: Desk) -> None:
    rings(pc, desk)
    sizes: list[int] = []
    pc.on("response", lambda response: sizes.append(len(response.body())))
    pc.reload(wait_until="networkidle")
    assert 0 < sum(sizes) < LIGHT


def test_digits_in_a_note_are_words_and_answer_nothing(pc: Page, desk: Desk) -> None:
    rings(pc, desk)
    pc.locator("#notes").focus()
    pc.keyboard.type("1d9z")
    expect(pc.locator("#notes")).to_have_value("1d9z")
    expect(pc.locator("#danger li.open")).to_have_count(3)
    pc.keyboard.press("Alt+1")
    expect(pc.locator("#danger li.there")).to_have_count(1)


def test_a_minute_without_network_loses_nothing(pc: Page, desk: Desk) -> None:
    rings(pc, desk)
    pc.context.set_offline(True)
    pc.keyboard.press("4")
    expect(pc.get_by_role("alert")).to_be_visible()
    pc.context.set_offline(False)
    expect(pc.locator("#danger li.open")).to_have_count(0)


def test_a_session_that_ends_in_the_middle_of_a_call_loses_nothing(pc: Page, desk: Desk, language: str) -> None:
    rings(pc, desk)
    secret = desk.secrets["operator"]
    pc.locator("#notes").fill("孩子五岁")
    pc.context.clear_cookies()
    pc.locator("#say").focus()
    pc.keyboard.press("4")
    desk.world.now += timedelta(minutes=1)
    pc.locator("#login").fill("operator")
    pc.locator("#password").fill(PASSWORD)
    pc.locator("#code").fill(desk.totp(secret))
    pc.keyboard.press("Enter")
    pc.get_by_role("button").first.wait_for()
    looks_right(pc, f"desk-again-{language}")
    pc.locator("main button").click()
    expect(pc.locator("#danger li.open")).to_have_count(0)
    expect(pc.locator("#readings")).to_contain_text("孩子五岁")


def test_a_call_by_thumb_without_a_script(browser: Browser, desk: Desk) -> None:
    with browser.new_context(
        viewport=PHONE, locale="zh-CN", base_url=desk.address, java_script_enabled=False
    ) as context:
        page = context.new_page()
        signs_in(page, desk, "operator")
        page.goto("/console/calls")
        page.locator("form.ring button").click()
        page.locator("#notes").fill("孩子五岁")
        page.get_by_role("button", name="都没有").click()
        expect(page.locator("#readings")).to_contain_text("孩子五岁")
        expect(page.locator("#danger li.open")).to_have_count(0)


def test_the_desk_on_a_phone_and_in_the_dark(browser: Browser, desk: Desk) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN", base_url=desk.address, color_scheme="dark") as context:
        page = context.new_page()
        rings(page, desk)
        choose(page, "危险")
        looks_right(page, "desk-phone-dark-zh")
        page.keyboard.press("?")
        expect(page.locator("dialog")).to_be_visible()
        looks_right(page, "keys-phone-dark-zh")
