"""`rightdoor hear`: what is read in words, by which cue, and what keeps it from deciding. For whoever edits data/lexicon."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from bot.facts import Lexicon, Reading
from bot.replies.words import Words
from bot.turns.phrasing import Phrases


def hear(
    lines: Iterable[str], lexicon: Lexicon, phrases: Phrases, words: Words, out: Console, *, as_json: bool
) -> None:
    """One text a line in; a table, or one JSON object (docs/json.md), out. Nothing is kept."""
    for line in lines:
        text = line.rstrip("\n")
        readings = lexicon.read(text)
        if as_json:
            said = {"text": text, "read": [_plain(reading, text) for reading in readings]}
            out.file.write(json.dumps(said, ensure_ascii=False) + "\n")
        else:
            out.print(_table(text, readings, phrases, words))


def _plain(reading: Reading, text: str) -> dict[str, object]:
    return {
        "fact": reading.fact,
        "value": reading.value,
        "cue": reading.cue,
        "words": text[reading.start : reading.end],
        "start": reading.start,
        "certain": reading.certain,
        "scope": [{"scope": each.scope, "words": text[each.start : each.end]} for each in reading.scope],
    }


def _table(text: str, readings: Iterable[Reading], phrases: Phrases, words: Words) -> Table:
    heard = words.word
    columns = (heard("heard", each) for each in ("fact", "meaning", "words", "counts"))
    table = Table(*columns, title=text, title_justify="left", title_style="bold")
    for reading in readings:
        meaning = (
            phrases.title(reading.fact, reading.value, words.language) if reading.value else heard("heard", "touched")
        )
        reasons = [f"{heard('scope', each.scope)} ({text[each.start : each.end]})" for each in reading.scope]
        counts = heard("heard", "certain") if reading.certain else words.joined(reasons) or heard("heard", "unsure")
        value = f"{reading.fact}: {reading.value}" if reading.value else reading.fact
        table.add_row(value, meaning, text[reading.start : reading.end], counts)
    if not table.rows:
        table.add_row("–", heard("heard", "nothing"), "", "")
    return table
