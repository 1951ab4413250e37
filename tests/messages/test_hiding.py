"""The number of an identity card never gets in: nobody needs it, and whoever types it in fear should not leave it here."""

from __future__ import annotations

import pytest

from bot.messages import Attachment, Edited, Text
from bot.messages.hiding import without_card_numbers

CARD = "11010519491231002X"  # the example of the standard; nobody's


@pytest.mark.parametrize("written", [CARD, CARD.lower(), f"{CARD[:6]} {CARD[6:14]} {CARD[14:]}"])
def test_a_card_number_is_hidden_and_the_rest_stays(written: str) -> None:
    assert without_card_numbers(f"我身份证{written}，他打我") == f"我身份证{'●' * len(written)}，他打我"


@pytest.mark.parametrize(
    "kept",
    [
        "13800000000",  # a telephone
        "1234 5678 9012 3456",  # a receipt code
        "110105194912310021",  # the check character is wrong
        "9" + CARD,
        "",
    ],
)
def test_other_numbers_stay(kept: str) -> None:
    assert without_card_numbers(kept) == kept


def test_it_is_hidden_before_anything_else_sees_it() -> None:
    assert CARD not in Text(f"我是{CARD}").text
    assert CARD not in Edited(f"我是{CARD}").text
    assert CARD not in Attachment("photo", CARD).caption
