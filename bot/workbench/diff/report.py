"""The comparison for people (a table) and for machines (JSON; its words are fixed, see docs/json.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.workbench.diff.comparison import Comparison, Direction, Group
from bot.workbench.diff.difference import Change
from bot.workbench.diff.edits import fact_edits, notes, row_edits
from bot.workbench.diff.example import Example, example
from bot.workbench.diff.output import ABSENT, What
from bot.workbench.diff.wording import Phrases, in_words, plain_sheet
from bot.workbench.titles import Titles

SHOWN = 20  # groups in the terminal; --json has them all
_ARROW = {Direction.DOWN: "▼ risk down", Direction.UP: "▲ risk up", Direction.SAME: "= risk as before"}
_STYLE = {Direction.DOWN: "red", Direction.UP: "yellow", Direction.SAME: ""}


def to_json(names: tuple[str, str], comparison: Comparison, titles: Mapping[str, Titles]) -> dict[str, Any]:
    """The object of `rightdoor diff --json`. Numbers of families are strings of digits: they pass what JSON readers hold."""
    old, new = comparison.policies
    return {
        "old": {"name": names[0], "rules": old.hash},
        "new": {"name": names[1], "rules": new.hash},
        "on": comparison.on.isoformat(),
        "same": not comparison.groups,
        "families": str(comparison.families),
        "different": None if comparison.different is None else str(comparison.different),
        "risk": {
            way: str(comparison.space.count(comparison.directions[way])) for way in (Direction.DOWN, Direction.UP)
        },
        "volunteered": comparison.volunteered,
        "notes": list(notes(old, new, comparison.values, comparison.excluded_by_one)),
        "facts": fact_edits(old, new).to_json(),
        "rows": row_edits(old, new).to_json(),
        "groups": [_group(group, comparison, titles) for group in comparison.groups],
    }


def _group(group: Group, comparison: Comparison, titles: Mapping[str, Titles]) -> dict[str, Any]:
    return {
        "risk": group.direction.value,
        "rows": list(group.rows),
        "families": str(group.count),
        "share": group.count / comparison.families,
        "changes": [_change(change) for change in group.changes],
        "example": _example(example(group, comparison), comparison, titles),
    }


def _change(change: Change) -> dict[str, Any]:
    output = change.output
    old, new = (None if output.what is What.LEAD and value == ABSENT else value for value in (change.old, change.new))
    return {
        "what": output.what.value,
        "for": output.for_whom,
        "word": output.word,
        "old": old,
        "new": new,
        "rows": list(change.rows),
    }


def _example(shown: Example, comparison: Comparison, titles: Mapping[str, Titles]) -> dict[str, Any]:
    old, new = comparison.policies
    return {
        "old": plain_sheet(shown.old, old),
        "new": plain_sheet(shown.new, new),
        "old_rows": list(shown.old_rows),
        "new_rows": list(shown.new_rows),
        "zh": in_words({**shown.old, **shown.new}, titles, "zh"),
        "en": in_words({**shown.old, **shown.new}, titles, "en"),
    }


def show(names: tuple[str, str], comparison: Comparison, titles: Mapping[str, Titles], out: Console) -> None:
    """The comparison to look at."""
    for note in notes(*comparison.policies, comparison.values, comparison.excluded_by_one):
        out.print(f"note: {note}", markup=False, highlight=False, style="yellow", soft_wrap=True)
    for line in _edits(comparison):
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    if not comparison.groups:
        out.print(f"{names[0]} and {names[1]} decide every family alike", style="green", markup=False, soft_wrap=True)
        return
    out.print(_summary(comparison), markup=False, highlight=False, soft_wrap=True)
    out.print(_table(comparison, titles))
    if (hidden := len(comparison.groups) - SHOWN) > 0:
        out.print(f"… and {hidden} more groups; --json has them all", markup=False, highlight=False)


def _edits(comparison: Comparison) -> Iterable[str]:
    for kind, edits in (("rows", row_edits(*comparison.policies)), ("facts", fact_edits(*comparison.policies))):
        changed = [f"{name} ({', '.join(keys)})" for name, keys in edits.changed.items()]
        for said, found in (("gone", edits.only_old), ("new", edits.only_new), ("edited", changed)):
            if found:
                yield f"{kind} {said}: {', '.join(found)}"


def _summary(comparison: Comparison) -> str:
    down, up = (comparison.space.count(comparison.directions[way]) for way in (Direction.DOWN, Direction.UP))
    different = comparison.different
    total = "an unknown number (one union was too large)" if different is None else figure(different, comparison)
    return (
        f"decided differently: {total}\n   of {grouped(comparison.families)} families\n"
        f"risk down: {figure(down, comparison)}\nrisk up: {figure(up, comparison)}"
    )


def figure(count: int, comparison: Comparison) -> str:
    """`1 204 (0.3 %)`: exact, with the share of all families."""
    return f"{grouped(count)} ({share(count, comparison.families)})"


def grouped(count: int) -> str:
    """Digits in threes."""
    return f"{count:,}".replace(",", "\u2009")


def share(count: int, families: int) -> str:
    """`12 %`, `0.03 %`, or `1 in 4.1e+12` when a percentage says nothing any more."""
    part = count / families
    return f"{100 * part:.3g} %" if part >= 1e-5 or not count else f"1 in {families / count:.2g}"  # noqa: PLR2004 – a thousandth of a percent


def _table(comparison: Comparison, titles: Mapping[str, Titles]) -> Table:
    table = Table(
        "what changes", "rows", "families", "for example", box=None, header_style="bold", padding=(0, 2, 1, 0)
    )
    phrases = Phrases(comparison)
    for group in comparison.groups[:SHOWN]:
        what = Text(
            "\n".join((_ARROW[group.direction], *phrases.changes(group.changes))), style=_STYLE[group.direction]
        )
        count = Text(share(group.count, comparison.families))
        table.add_row(what, Text(" ".join(group.rows) or "order of rows"), count, _seen(group, comparison, titles))
    return table


def _seen(group: Group, comparison: Comparison, titles: Mapping[str, Titles]) -> Text:
    """The example in words and as a line for `rightdoor decide`; twice when the two interviews ask otherwise."""
    shown = example(group, comparison)
    old, new = (
        json.dumps(plain_sheet(answers, policy), ensure_ascii=False)
        for answers, policy in zip((shown.old, shown.new), comparison.policies, strict=True)
    )
    words = in_words({**shown.old, **shown.new}, titles, "en")
    sheets = (old,) if old == new else (f"old: {old}", f"new: {new}")
    fired = f"{' '.join(shown.old_rows) or 'no row'} → {' '.join(shown.new_rows) or 'no row'}"
    return Text("\n".join((words, fired, *sheets)))
