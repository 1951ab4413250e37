"""The receipt code."""

from hypothesis import given
from hypothesis import strategies as st

from bot.referrals.receipt import find_receipt, new_receipt, spaced


def test_a_receipt_is_sixteen_digits_and_found_again_however_it_is_written() -> None:
    receipt = new_receipt()
    assert len(receipt) == 16
    assert find_receipt(f"我的编号是 {spaced(receipt)}，到哪了") == receipt
    assert find_receipt(receipt) == receipt


@given(st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(position: int, shift: int) -> None:
    receipt = new_receipt()
    wrong = str((int(receipt[position]) + shift) % 10)
    assert find_receipt(receipt[:position] + wrong + receipt[position + 1 :]) is None


def test_a_telephone_number_or_a_longer_number_is_not_a_receipt() -> None:
    assert find_receipt("13800138000") is None
    assert find_receipt(new_receipt() + "0") is None
