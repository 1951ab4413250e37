"""`rightdoor facts`: the vocabulary for machines and for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.table import Column, Table

from bot.facts import Fact, Vocabulary
from bot.facts.conditions import Alternatives


def describe(vocabulary: Vocabulary) -> dict[str, Any]:
    """The vocabulary as JSON; its words are fixed.

    `{"facts": [{"name","about","values","question","ask_with","relevant_when","otherwise","mentioned_by","worse","at_least",
    "stays_true_minutes","sensitive","needed_by"}], "groups": {name: [fact]}, "opening": [group],
    "never_together": [{fact: [value]}]}`, facts in the order in which they are asked.
    """
    return {
        "facts": [_fact(fact) for fact in vocabulary.facts.values()],
        "groups": {name: list(members) for name, members in vocabulary.groups.items()},
        "opening": list(vocabulary.opening),
        "never_together": _plain(vocabulary.never_together, vocabulary.facts.values()),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "about": fact.about,
        "values": list(fact.values),
        "question": fact.question,
        "ask_with": fact.ask_with,
        "relevant_when": _plain(fact.relevant_when),
        "otherwise": fact.otherwise,
        "mentioned_by": [*_plain(fact.mentioned_by), *({"cue": cue} for cue in fact.cues)],
        "worse": [list(order) for order in fact.worse],
        "at_least": dict(fact.at_least),
        "stays_true_minutes": None if fact.stays_true is None else int(fact.stays_true.total_seconds() // 60),
        "sensitive": fact.sensitive,
        "needed_by": list(fact.needed_by),
    }


def _plain(when: Alternatives, facts: Iterable[Fact] = ()) -> list[dict[str, Any]]:
    """Conditions with their values in a stable order: the facts' own, else by name."""
    order = {fact.name: fact.values for fact in facts}
    return [
        {name: sorted(wanted, key=order[name].index if name in order else None) for name, wanted in conditions.items()}
        for conditions in when
    ]


def table(vocabulary: Vocabulary) -> Table:
    """The vocabulary to look at."""
    shown = Table(Column("fact", no_wrap=True), "about", "values", "asked with", "relevant when", "otherwise")
    for fact in vocabulary.facts.values():
        relevant = " or ".join(
            ", ".join(f"{name}: {'|'.join(sorted(values))}" for name, values in conditions.items())
            for conditions in fact.relevant_when
        )
        shown.add_row(
            fact.name,
            fact.about,
            " ".join(fact.values),
            fact.ask_with or "",
            relevant or "always",
            fact.otherwise or "",
        )
    return shown
