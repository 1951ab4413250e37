"""Families and changes in plain words: the titles of the answer buttons, the labels of services and plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.decisions import Policy
from bot.facts.fact import CHILD
from bot.workbench.diff.comparison import Comparison
from bot.workbench.diff.difference import Change
from bot.workbench.diff.example import Answers
from bot.workbench.diff.output import ABSENT, Value, What
from bot.workbench.titles import Titles

_KIND = {What.LEAD: "services", What.ALSO: "services", What.FIRST_ACTION: "first_actions", What.FOLLOW_UP: "follow_ups"}


def in_words(answers: Answers, titles: Mapping[str, Titles], language: str) -> str:
    """The answers in a line, by the titles of a language; one without a button stands as it is written in the rules."""
    said = (titles[language].answer(fact, value) for fact, value in answers.items())
    return ("；" if language == "zh" else "; ").join(said)


def plain_sheet(answers: Answers, policy: Policy) -> dict[str, Any]:
    """`{"family": {fact: value}, "children": [{fact: value}]}`, as `rightdoor decide` takes it."""
    about = {fact: policy.vocabulary.facts[fact].about for fact in answers}
    return {
        "family": {fact: value for fact, value in answers.items() if about[fact] != CHILD},
        "children": [{fact: value for fact, value in answers.items() if about[fact] == CHILD}],
    }


@dataclass(frozen=True, slots=True)
class Phrases:
    """Changes in English, as the terminal shows them."""

    comparison: Comparison

    def changes(self, changes: Iterable[Change]) -> list[str]:
        """A line a change; whoever is told no more, or from now on, stands together."""
        changes = tuple(changes)
        lines = [self._line(change) for change in changes if change.output.what is not What.ALSO]
        told: dict[tuple[str, bool], list[str]] = {}
        for change in changes:
            if change.output.what is What.ALSO:
                key = (str(change.output.for_whom), bool(change.new))
                told.setdefault(key, []).append(str(change.output.word))
        told_lines = [
            f"{'also told' if new else 'told no more'} for {self._label('audiences', whom)}: {', '.join(services)}"
            for (whom, new), services in told.items()
        ]
        return [*lines, *told_lines]

    def _line(self, change: Change) -> str:
        what, whom = change.output.what, self._label("audiences", change.output.for_whom or "")
        old, new = (self._value(what, value) for value in (change.old, change.new))
        if what is What.NEVER:
            return f"never {change.output.word}: {'new' if change.new else 'gone'}"
        if what is What.LEAD and change.new == ABSENT:
            return f"no part for {whom} any more ({old} led)"
        if what is What.LEAD and change.old == ABSENT:
            return f"new part for {whom}: {new} leads"
        return f"{_CALLED[what].format(whom=whom)} {old} → {new}"

    def _value(self, what: What, value: Value) -> str:
        if what is What.ACT_WITHIN:
            return minutes(None if value is None else int(value))
        return "none" if value is None else str(value)

    def _label(self, kind: str, word: str) -> str:
        for policy in reversed(self.comparison.policies):
            if word in policy.base.words.labels[kind]:
                return policy.label(kind, word, "en")
        return word


_CALLED = {
    What.RISK: "risk",
    What.LEAD: "lead for {whom}:",
    What.PART_RISK: "risk of the part for {whom}:",
    What.ACT_WITHIN: "time for {whom}:",
    What.FIRST_ACTION: "first action for {whom}:",
    What.FOLLOW_UP: "follow-up:",
}


def minutes(value: int | None) -> str:
    """`now`, `30m`, `24h`, `3d`, or `no limit`, as rows write it."""
    if not value:
        return "no limit" if value is None else "now"
    size, unit = next((size, unit) for size, unit in ((1440, "d"), (60, "h"), (1, "m")) if value % size == 0)
    return f"{value // size}{unit}"
