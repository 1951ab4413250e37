"""The web chat over a real socket, as a browser without JavaScript or a script would use it."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from bot.channels.rates import Rate
from bot.channels.web import chat_router
from bot.messages import Location, Press, Text
from bot.replies import Reply
from tests.channels.served import served
from tests.channels.web.echo import WORDS, Echo


@pytest.fixture
def visitor(http: httpx.Client) -> httpx.Client:
    """Somebody who has opened the page."""
    http.get("/chat")
    return http


def send(visitor: httpx.Client, number: int = 1, **said: object) -> httpx.Response:
    return visitor.post("/chat/messages", json={"id": f"message-{number}"} | said)


def submit(visitor: httpx.Client, **said: str) -> httpx.Response:
    nonce = re.findall(r'name="nonce" value="(\w+)"', visitor.get("/chat").text)[0]
    return visitor.post("/chat", data={"lang": "zh", "nonce": nonce} | said, follow_redirects=True)


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_emergency_line_stands_on_the_page_before_anything_was_said(http: httpx.Client) -> None:
    page = http.get("/chat").text
    assert re.findall(r'href="((?:tel|sms):\d+)"', page) == ["tel:110", "tel:120", "sms:12110"]


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/chat", "", "zh-CN"),
        ("/chat", "en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("/chat", "ug-CN,zh;q=0.9,en;q=0.5", "zh-CN"),
        ("/chat", "de,fr", "zh-CN"),
        ("/chat?lang=en", "zh-CN", "en"),
        ("/chat?lang=xx", "zh-CN", "zh-CN"),
    ],
)
def test_the_page_speaks_what_was_asked_for_then_what_the_browser_prefers_then_chinese(
    http: httpx.Client, address: str, accepted: str, language: str
) -> None:
    assert f'<html lang="{language}">' in http.get(address, headers={"Accept-Language": accepted}).text


def test_looking_at_the_page_starts_no_conversation(http: httpx.Client, echo: Echo) -> None:
    http.get("/chat")
    assert echo.took == []


def test_every_answer_keeps_foreign_scripts_frames_and_caches_out(http: httpx.Client) -> None:
    for answer in (http.get("/"), http.get("/chat"), send(http), http.get("/chat/messages")):
        assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_asks_nobody_else_for_anything(http: httpx.Client) -> None:
    page = http.get("/chat").text
    fetched = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert [http.get(path).status_code for path in fetched] == [200] * len(fetched)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


# --- the visitor ------------------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_ends_with_the_session(http: httpx.Client) -> None:
    cookie = http.get("/chat").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie


def test_two_visitors_do_not_see_each_other(visitor: httpx.Client) -> None:
    send(visitor, text="只给我自己看")
    with httpx.Client(base_url=visitor.base_url) as other:
        assert "只给我自己看" not in other.get("/chat").text
        assert other.get("/chat/messages").json() == {"replies": []}


def test_without_a_cookie_nothing_is_taken_for_nobody_could_be_answered(http: httpx.Client, echo: Echo) -> None:
    refused = send(http, text="您好")
    assert (refused.status_code, refused.json()["error"]) == (409, "no_cookie")
    assert echo.took == []


def test_a_cookie_somebody_made_up_is_no_visitor(http: httpx.Client) -> None:
    http.cookies.set("rightdoor", "admin", path="/chat")
    assert send(http, text="您好").status_code == 409


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_message_is_answered_with_numbered_replies(visitor: httpx.Client) -> None:
    assert send(visitor, text="您好").json() == {
        "replies": [{"n": 1, "text": "收到：您好", "buttons": [], "ask_location": False, "hides": False}]
    }


def test_a_message_sent_again_is_taken_once_and_answered_the_same(visitor: httpx.Client, echo: Echo) -> None:
    assert send(visitor, text="您好").json() == send(visitor, text="您好").json()
    assert len(echo.took) == 1


def test_an_id_another_visitor_has_used_is_still_free(visitor: httpx.Client, echo: Echo) -> None:
    send(visitor, text="一")
    with httpx.Client(base_url=visitor.base_url) as other:
        other.get("/chat")
        send(other, text="二")
    assert [incoming.content for incoming in echo.took] == [Text("一"), Text("二")]


def test_text_buttons_and_pins_reach_the_turn_as_what_they_are(visitor: httpx.Client, echo: Echo) -> None:
    send(visitor, 1, text="我要离婚", lang="en")
    send(visitor, 2, press="/greet", shown_for=90)
    send(visitor, 3, location={"latitude": 32.24, "longitude": 119.82})
    text, press, pin = echo.took
    assert (text.content, text.language) == (Text("我要离婚"), "en")
    assert isinstance(press.content, Press)
    assert press.content.offered is not None
    assert round((press.at - press.content.offered).total_seconds()) == 90
    assert pin.content == Location(32.24, 119.82)


def test_notices_are_read_from_where_the_page_stands(visitor: httpx.Client, echo: Echo) -> None:
    send(visitor, text="您好")
    echo.say(echo.took[0].chat, Reply("村里的儿童主任接下了。"))
    notices = visitor.get("/chat/messages", params={"after": 1}).json()["replies"]
    assert [(notice["n"], notice["text"]) for notice in notices] == [(2, "村里的儿童主任接下了。")]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"text": "a", "press": "/b"},
        {"text": ""},
        {"location": {"latitude": 91, "longitude": 0}},
        {"text": "a", "x": 1},
    ],
)
def test_a_message_that_is_none_is_refused_in_words(visitor: httpx.Client, said: dict[str, Any]) -> None:
    refused = send(visitor, **said)
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_request")


def test_ten_thousand_characters_are_taken_and_a_flood_is_not(visitor: httpx.Client) -> None:
    assert send(visitor, 1, text="苦" * 10_000).json()["replies"][0]["text"] == "收到 10000 个字。"
    assert send(visitor, 2, text="苦" * 100_000).status_code == 413


def test_who_writes_without_end_is_told_when_to_go_on(visitor: httpx.Client) -> None:
    answers = [send(visitor, number, text="您好") for number in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[29].status_code == 200
    assert int(refused[0].headers["retry-after"]) >= 1


def test_a_rate_refills() -> None:
    now = [0.0]
    rate = Rate(burst=2, per_second=0.5, clock=lambda: now[0])
    assert [rate.wait("a"), rate.wait("a"), rate.wait("a"), rate.wait("b")] == [0, 0, 2, 0]
    now[0] = 2.0
    assert [rate.wait("a"), rate.wait("a")] == [0, 2]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://proxied.example"}, 200),
    ],
)
def test_another_sites_page_cannot_speak_for_a_visitor(
    visitor: httpx.Client, headers: dict[str, str], status: int
) -> None:
    said = {"id": "message-1", "text": "您好"}
    assert visitor.post("/chat/messages", json=said, headers=headers).status_code == status
    if status == 403:
        assert visitor.post("/chat/hide", headers=headers).status_code == status
        assert visitor.post("/chat", data=said, headers=headers).status_code == status


# --- without JavaScript -----------------------------------------------------------------------------------------


def test_a_plain_form_takes_words_and_shows_the_answer(visitor: httpx.Client, echo: Echo) -> None:
    page = submit(visitor, text="您好")
    assert "收到：您好" in page.text
    assert echo.took[0].content == Text("您好")


def test_a_plain_button_answers(visitor: httpx.Client, echo: Echo) -> None:
    submit(visitor, press="/greet")
    assert 'value="/answer{none}">都没有<' in submit(visitor, press="/answer{alone}").text
    assert [incoming.content for incoming in echo.took] == [Press("/greet"), Press("/answer{alone}")]


def test_a_form_sent_twice_is_one_message_and_other_words_are_another(visitor: httpx.Client, echo: Echo) -> None:
    for text in ("您好", "您好", "再问一句"):
        visitor.post("/chat", data={"lang": "zh", "nonce": "the same page", "text": text})
    assert [incoming.content for incoming in echo.took] == [Text("您好"), Text("再问一句")]


def test_numbers_to_call_can_be_tapped_and_what_people_say_is_never_markup(visitor: httpx.Client) -> None:
    assert '<a href="tel:120">120</a>（有人受伤' in submit(visitor, text="危险").text
    assert "收到：&lt;b&gt;" in submit(visitor, text="<b>").text


def test_words_that_could_not_be_taken_stay_in_the_field(visitor: httpx.Client, echo: Echo) -> None:
    echo.gone = True
    page = visitor.post("/chat", data={"lang": "zh", "nonce": "n", "text": "千万别丢"})
    assert page.status_code == 503
    assert ">千万别丢</textarea>" in page.text
    assert "再点一次“发送”" in page.text
    assert 'href="tel:110"' in page.text


def test_a_flood_in_a_form_is_answered_in_words(visitor: httpx.Client) -> None:
    page = visitor.post("/chat", data={"lang": "zh", "nonce": "n", "text": "苦" * 100_000})
    assert page.status_code == 413
    assert "请分几次写" in page.text


# --- hiding -----------------------------------------------------------------------------------------------------


def test_hiding_leads_to_a_page_that_betrays_nothing(visitor: httpx.Client, echo: Echo) -> None:
    send(visitor, text="秘密")
    away = visitor.post("/chat/hide", follow_redirects=True)
    assert away.url.path == "/"
    assert not re.search("未成年|孩子|求助|child", away.text)
    assert "秘密" not in visitor.get("/chat").text
    assert echo.took[-1].content == Press("/hide")


def test_the_word_for_hiding_hides_as_well(visitor: httpx.Client) -> None:
    send(visitor, 1, text="秘密")
    send(visitor, 2, text="隐藏")
    assert "rightdoor" not in visitor.cookies
    assert submit(visitor, text="隐藏").url.path == "/"


def test_what_was_hidden_stays_hidden_from_a_browser_that_kept_the_cookie(visitor: httpx.Client) -> None:
    kept = visitor.cookies["rightdoor"]
    send(visitor, 1, text="秘密")
    send(visitor, 2, text="隐藏")
    visitor.cookies.set("rightdoor", kept, path="/chat")
    send(visitor, 3, text="回来了")
    page = visitor.get("/chat").text
    assert "秘密" not in page
    assert "回来了" in page


@pytest.mark.parametrize(("language", "said"), [("zh", "演示"), ("en", "demonstration")])
def test_where_agencies_are_invented_the_page_says_so_and_how_to_begin(language: str, said: str) -> None:
    echo = Echo()
    with served(chat_router(echo.take, echo.after, WORDS, lambda: True)) as address:
        assert said in httpx.get(f"{address}/chat?lang={language}").text
    with served(chat_router(echo.take, echo.after, WORDS)) as address:
        assert said not in httpx.get(f"{address}/chat?lang={language}").text
