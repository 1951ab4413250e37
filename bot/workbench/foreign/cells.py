"""Cells as decision tables write them: `"a", "b"`, `-`, `not("a")`, and values as JSON, which FEEL and zen read as well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

Fail = Callable[[str], NoReturn]
_WORD = r'"((?:[^"\\]|\\.)*)"'
_LIST = re.compile(rf"\s*{_WORD}\s*(?:,\s*{_WORD}\s*)*")
_IN = re.compile(r"\?\s*in\s*\((.*)\)", re.DOTALL)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)


def listed(values: Sequence[str]) -> str:
    """`"a", "b"`."""
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


def wanted(cell: str | None, known: Sequence[str], fail: Fail) -> tuple[str, ...] | None:
    """The values a cell accepts, None for any. `fail` is called with what was expected for whatever is not a list of words."""
    text = (cell or "").strip()
    if text in ("", "-"):
        return None
    if found := _NOT.fullmatch(text):
        excluded = _words(found[1], known, fail)
        return tuple(value for value in known if value not in excluded)
    found = _IN.fullmatch(text)
    return _words(found[1] if found else text, known, fail)


def _words(text: str, known: Sequence[str], fail: Fail) -> tuple[str, ...]:
    if not _LIST.fullmatch(text):
        fail(f'{text!r:.80} is not a list of words; expected "{known[0] if known else "yes"}", "…", or - for any')
    words = tuple(json.loads(f'"{word}"') for word in re.findall(_WORD, text))
    for word in words:
        if known and word not in known:
            fail(f"{word!r} is not among the allowed values {listed(known)}")
    return words


def value(cell: str | None, expected: str, fail: Fail) -> Any:  # noqa: ANN401 – whatever the cell holds
    """The value of an output cell, written as JSON; None when the cell is empty."""
    text = (cell or "").strip()
    if text in ("", "-", '""', "null", "[]"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        fail(f"{text!r:.80} is not a value; expected {expected}")


def written(content: Any) -> str:  # noqa: ANN401 – the same
    """A value for an output cell."""
    return json.dumps(content, ensure_ascii=False)
