"""What Telegram demands of the buttons below a message, beyond their types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.workbench.botapi.refusals import bad

CALLBACK_DATA_BYTES = 64
BUTTONS_AT_MOST = 100
# What an inline button may look like; everything else about it is what it does, and it does exactly one thing.
LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})


def check_markup(markup: dict[str, Any], *, private: bool) -> None:
    """Raises 400 for a keyboard Telegram would not show."""
    if "inline_keyboard" in markup:
        check_inline(markup)
    for button in _flat(markup.get("keyboard", [])):
        _check_text(button)
        if "request_location" in button and not private:
            raise bad("location can be requested in private chats only")


def check_inline(markup: dict[str, Any]) -> None:
    """Raises 400 unless each button has a text and does one thing, with 1 to 64 bytes of callback data."""
    buttons = list(_flat(markup["inline_keyboard"]))
    if len(buttons) > BUTTONS_AT_MOST:
        raise bad("reply markup is too long")
    for button in buttons:
        _check_text(button)
        if len(button.keys() - LOOKS) != 1:
            raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button.get("callback_data", "-").encode()) <= CALLBACK_DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")


def titles(rows: Iterable[Iterable[dict[str, Any]]]) -> tuple[tuple[str, ...], ...]:
    """The texts of a keyboard, row by row."""
    return tuple(tuple(button["text"] for button in row) for row in rows)


def _check_text(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad("keyboard button text must be non-empty")


def _flat(rows: Iterable[Iterable[dict[str, Any]]]) -> Iterable[dict[str, Any]]:
    return (button for row in rows for button in row)
