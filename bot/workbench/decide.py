"""`rightdoor decide`: one sheet a line in, one decision a line out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from bot.decisions import Policy
from bot.decisions.explanation import explanation_json
from bot.errors import SheetError, Where
from bot.facts import Sheet


def decide_lines(lines: Iterable[str], policy: Policy, on: date, *, explained: bool = False) -> Iterator[str]:
    """The decision on each `{"family":{fact:value},"children":[{fact:value}]}`; empty lines are passed over.

    `explained` adds an `explain` object: why each row fired or did not, and what would change the risk.
    Raises `SheetError` with the number of the first line that is not a sheet, and the nearest known word.
    """
    at = on if isinstance(on, datetime) else datetime.combine(on, time(), UTC)
    for number, line in enumerate(_readable(lines), 1):
        if line.strip():
            sheet = _sheet(line, number, policy, at)
            decided = policy.decide(sheet, on).to_json() | (_explained(sheet, policy, on) if explained else {})
            yield json.dumps(decided, ensure_ascii=False)


def _explained(sheet: Sheet, policy: Policy, on: date) -> dict[str, Any]:
    return {"explain": explanation_json(policy.explain(sheet, on), policy.changes(sheet, on))}


def _readable(lines: Iterable[str]) -> Iterator[str]:
    read = 0
    try:
        for line in lines:
            read += 1
            yield line
    except UnicodeDecodeError as error:
        raise SheetError("this is not UTF-8 text", Where("line", read + 1)) from error


def _sheet(line: str, number: int, policy: Policy, at: datetime) -> Sheet:
    where = Where("line", number)
    try:
        return Sheet.from_plain(json.loads(line, object_pairs_hook=_once), policy.vocabulary, at)
    except json.JSONDecodeError as error:
        raise SheetError(f"this is not JSON: {error.msg} at character {error.pos + 1}", where) from error
    except ValueError as error:  # a number longer than Python will read
        raise SheetError(f"this is not JSON: {error}", where) from error
    except RecursionError as error:
        raise SheetError("this is nested too deeply to be a sheet", where) from error
    except SheetError as error:
        raise SheetError(error.message, where) from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object in which nothing is said twice."""
    said = dict[str, object]()
    for name, value in pairs:
        if name in said:
            raise SheetError(f"{name!r:.60} is said twice")
        said[name] = value
    return said
