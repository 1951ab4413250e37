from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from bot.workbench.draw.ink import FONT, INK, PAPER, RISKS, SHEET, SOFT, TINT, contrast
from bot.workbench.draw.measure import width, wrap

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SAMPLES = [
    "孩子身边没有大人，也没有人知道“谁在带”：不满八周岁（含婴儿）！",
    "Divorcing couple, neither wants the child; somebody cares for it now (R01) – within 3 days → police",
    "WWWMMM @ 100% & “quoted” ‘single’ … ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz",
]


def test_a_chinese_character_takes_one_em_and_punctuation_as_much() -> None:
    assert width("孩子，", 14) == 42


def test_bold_takes_no_less_room() -> None:
    for sample in SAMPLES:
        assert width(sample, 14, bold=True) >= width(sample, 14)


def test_punctuation_never_begins_a_line_and_an_opening_bracket_never_ends_one() -> None:
    for room in range(70, 200, 7):
        lines = wrap("孩子现在没人照料，（未满八周岁）：马上去，马上去。", 14, room)
        assert all(line[0] not in "，：。）" and line[-1] != "（" for line in lines)


def test_words_are_not_broken_unless_they_are_longer_than_a_line() -> None:
    assert wrap("aa bb cc", 10, width("aa bb", 10)) == ("aa bb", "cc")
    assert len(wrap("w" * 100, 10, 100)) > 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), min_size=1), st.integers(60, 400))
def test_every_line_fits_and_nothing_is_lost(text: str, room: int) -> None:
    lines = wrap(text, 14, room)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(width(line, 14) <= room for line in lines)


def test_every_colour_of_text_is_at_least_four_and_a_half_to_one_on_every_ground() -> None:
    for ground in (SHEET, PAPER, TINT):
        for colour in (INK, SOFT):
            assert contrast(colour, ground) >= 4.5
    for colour in RISKS.values():
        assert contrast(colour, SHEET) >= 4.5
        assert contrast(colour, PAPER) >= 4.5


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_no_line_is_wider_in_a_real_browser_than_it_was_measured() -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        for sample in SAMPLES:
            for bold in (False, True):
                font = f"{'bold ' if bold else ''}100px {FONT}"
                script = "([text, font]) => { const c = document.createElement('canvas').getContext('2d'); c.font = font; return c.measureText(text).width }"  # noqa: E501 (one line of JavaScript)
                assert page.evaluate(script, [sample, font]) <= width(sample, 100, bold=bold)
        browser.close()
