"""The web chat in a real browser: on a small phone, by keyboard, on a bad line, over somebody's shoulder."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.messages import Location, Press, Text
from bot.replies import Reply
from tests.channels.web.echo import Echo, serving

pytestmark = pytest.mark.browser


def write(page: Page, text: str) -> None:
    page.get_by_label("在这里写").fill(text)
    page.get_by_role("button", name="发送", exact=True).click()


def own(page: Page) -> list[str]:
    return [words.removeprefix("您：") for words in page.locator("article.own").all_text_contents()]


def contents(echo: Echo) -> list[object]:
    return [incoming.content for incoming in echo.took]


# --- talking ----------------------------------------------------------------------------------------------------


def test_a_talk_by_thumb(page: Page, echo: Echo) -> None:
    page.get_by_role("button", name="开始").click()
    page.get_by_role("button", name="孩子没人看").click()
    expect(page.get_by_role("log")).to_contain_text("选了 /answer{alone}")
    assert own(page) == ["开始", "孩子没人看"]
    assert [type(content) for content in contents(echo)] == [Press, Press]
    expect(page.get_by_role("button", name="都没有")).to_have_count(0)


def test_a_talk_by_keyboard_alone(page: Page, echo: Echo) -> None:
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="都没有")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_role("log")).to_contain_text("选了 /answer{none}")
    page.keyboard.type("ok")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("收到：ok")
    assert contents(echo)[2] == Text("ok\n5")


def test_a_digit_picks_nothing_while_somebody_is_writing(page: Page, echo: Echo) -> None:
    page.keyboard.press("1")
    page.get_by_role("button", name="都没有").wait_for()
    page.get_by_label("在这里写").click()
    page.keyboard.type("3岁")
    expect(page.get_by_label("在这里写")).to_have_value("3岁")
    page.keyboard.press("Alt+2")
    expect(page.get_by_role("log")).to_contain_text("选了 /answer{alone}")
    assert len(echo.took) == 2


def test_enter_chooses_a_pinyin_candidate_and_sends_nothing(page: Page, echo: Echo, context: BrowserContext) -> None:
    page.get_by_label("在这里写").click()
    wire = context.new_cdp_session(page)
    wire.send("Input.imeSetComposition", {"text": "lihun", "selectionStart": 5, "selectionEnd": 5})
    page.keyboard.press("Enter")
    wire.send("Input.insertText", {"text": "离婚"})
    expect(page.get_by_label("在这里写")).to_have_value(re.compile("离婚"))
    assert (own(page), echo.took) == ([], [])


def test_a_reload_and_a_change_of_language_keep_both_sides_in_their_order(page: Page) -> None:
    write(page, "第一句")
    expect(page.get_by_role("log")).to_contain_text("收到：第一句")
    write(page, "第二句")
    expect(page.get_by_role("log")).to_contain_text("收到：第二句")
    page.get_by_role("link", name="English").click()
    both_sides = ["You: 第一句", "We: 收到：第一句", "You: 第二句", "We: 收到：第二句"]
    expect(page.get_by_role("article")).to_have_text([*both_sides, 'We: 选了 /language{"to":"en"}'])


def test_a_notice_arrives_by_itself(page: Page, echo: Echo) -> None:
    page.clock.install()
    page.reload()
    write(page, "您好")
    expect(page.get_by_role("log")).to_contain_text("收到：您好")
    echo.say(echo.took[0].chat, Reply("有人接下了。"))
    page.clock.run_for(4000)
    expect(page.get_by_role("log")).to_contain_text("有人接下了。")


def test_without_a_script_the_same_talk_takes_plain_forms(browser: Browser, address: str, echo: Echo) -> None:
    with browser.new_context(java_script_enabled=False, locale="zh-CN") as context:
        page = context.new_page()
        page.goto(f"{address}/chat")
        page.get_by_role("button", name="开始").click()
        page.get_by_role("button", name="都没有").click()
        write(page, "您好")
        expect(page.get_by_role("log")).to_contain_text("收到：您好")
        page.get_by_role("button", name="快速隐藏").click()
        expect(page).to_have_url(f"{address}/")
    assert contents(echo) == [Press("/greet"), Press("/answer{none}"), Text("您好"), Press("/hide")]


# --- where somebody is ------------------------------------------------------------------------------------------


def test_a_shared_location_is_only_as_exact_as_a_county_needs(page: Page, echo: Echo, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 32.237_649_1, "longitude": 119.797_634_9})
    write(page, "哪里")
    page.get_by_role("button", name="发送我的位置").click()
    expect(page.get_by_role("log")).to_contain_text("收到位置")
    assert contents(echo)[1] == Location(32.238, 119.798)


def test_whoever_does_not_share_is_asked_to_write_the_place(page: Page) -> None:
    write(page, "哪里")
    page.get_by_role("button", name="发送我的位置").click()
    expect(page.get_by_role("status")).to_contain_text("写地名也行")
    expect(page.get_by_role("button", name="不想说")).to_be_visible()


# --- a bad line -------------------------------------------------------------------------------------------------


def test_words_written_while_the_line_is_down_go_out_by_themselves_once(page: Page, echo: Echo) -> None:
    page.route("**/chat/messages", lambda route: route.abort())
    write(page, "千万别丢")
    write(page, "这句也是")
    expect(page.get_by_role("status")).to_contain_text("您写的都还在")
    page.unroute("**/chat/messages")
    expect(page.get_by_role("log")).to_contain_text("收到：这句也是", timeout=20_000)
    expect(page.get_by_role("status")).to_have_text("")
    assert contents(echo) == [Text("千万别丢"), Text("这句也是")]


def test_an_answer_lost_on_the_way_is_fetched_again_and_shown_once(page: Page, echo: Echo) -> None:
    tries: list[Route] = []

    def lose_the_first(route: Route) -> None:
        tries.append(route)
        answer = route.fetch()
        route.abort() if len(tries) == 1 else route.fulfill(response=answer)

    page.route("**/chat/messages", lose_the_first)
    write(page, "您好")
    expect(page.get_by_text("收到：您好")).to_have_count(1, timeout=10_000)
    assert (len(tries), len(echo.took)) == (2, 1)


def test_words_still_unsent_survive_a_reload(page: Page, echo: Echo) -> None:
    page.route("**/chat/messages", lambda route: route.abort())
    write(page, "千万别丢")
    expect(page.get_by_role("status")).to_contain_text("正在重试")
    page.unroute("**/chat/messages")
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("收到：千万别丢")
    assert own(page) == ["千万别丢"]
    assert len(echo.took) == 1


def test_a_database_that_comes_back_takes_what_waited(page: Page, echo: Echo) -> None:
    echo.gone = True
    write(page, "您好")
    expect(page.get_by_role("status")).to_contain_text("忙不过来")
    echo.gone = False
    expect(page.get_by_role("log")).to_contain_text("收到：您好", timeout=10_000)


def test_a_service_that_restarts_is_found_again(browser: Browser, echo: Echo) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        with serving(echo) as address:
            page.goto(f"{address}/chat")
        write(page, "您好")
        expect(page.get_by_role("status")).to_contain_text("连接断了")
        with serving(echo, port=int(address.rsplit(":", 1)[1])):
            expect(page.get_by_role("log")).to_contain_text("收到：您好", timeout=20_000)


def test_what_is_too_long_comes_back_to_whoever_wrote_it(page: Page, echo: Echo) -> None:
    write(page, "苦" * 70_000)
    expect(page.get_by_role("status")).to_contain_text("请分几次写")
    assert len(page.get_by_label("在这里写").input_value()) == 70_000
    assert (own(page), echo.took) == ([], [])


# --- over the shoulder ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["button", "/x", "隐藏"])
def test_hiding_leaves_nothing_behind(page: Page, context: BrowserContext, address: str, way: str) -> None:
    write(page, "秘密")
    expect(page.get_by_role("log")).to_contain_text("收到：秘密")
    page.get_by_role("button", name="快速隐藏").click() if way == "button" else write(page, way)
    expect(page).to_have_url(f"{address}/")
    expect(page).to_have_title("常用服务电话")
    assert page.evaluate("sessionStorage.length") == 0
    page.wait_for_timeout(200)
    assert context.cookies(f"{address}/chat") == []
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("秘密")


def test_hiding_in_one_window_hides_the_others(page: Page, context: BrowserContext, address: str) -> None:
    write(page, "秘密")
    expect(page.get_by_role("log")).to_contain_text("收到：秘密")
    other = context.new_page()
    other.goto(f"{address}/chat")
    write(other, "隐藏")
    page.bring_to_front()
    expect(page).to_have_url(f"{address}/", timeout=8000)


def test_hiding_empties_the_page_even_when_the_line_is_down(page: Page, context: BrowserContext) -> None:
    write(page, "秘密")
    expect(page.get_by_role("log")).to_contain_text("收到：秘密")
    context.set_offline(True)
    page.get_by_role("button", name="快速隐藏").click()
    page.wait_for_timeout(200)
    assert "秘密" not in page.content()


# --- small screens ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 360, 1366])
def test_nothing_runs_off_the_screen_and_every_target_fits_a_thumb(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    write(page, "危险")
    expect(page.get_by_role("button", name="都没有")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    heights = page.evaluate("[...document.querySelectorAll('button, header a')].map(e => e.offsetHeight)")
    assert min(heights) >= 40


def test_the_card_is_read_from_its_first_line_with_the_emergency_numbers_above(page: Page) -> None:
    for _ in range(4):
        write(page, "危险")
        page.wait_for_timeout(100)
    card = page.locator("article:not(.own)").nth(-2).bounding_box()
    header = page.locator("header").bounding_box()
    assert card is not None
    assert header is not None
    assert card["y"] >= header["y"] + header["height"]
    expect(page.locator("header a", has_text="110").first).to_be_in_viewport()


def test_a_screen_reader_is_told_what_arrives_and_who_said_it(page: Page) -> None:
    write(page, "您好")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("article")).to_have_text(["您：您好", "我们：收到：您好"])


def test_where_the_focus_is_can_be_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    outline = "(style => `${style.outlineStyle} ${style.outlineWidth}`)(getComputedStyle(document.activeElement))"
    assert page.evaluate(outline) == "solid 3px"
