"""Asking somebody who cannot speak: each answer by itself, one tap for yes, two for no."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.facts.fact import UNKNOWN
from bot.turns.calls.asking import Option, Question
from bot.turns.phrasing import answer_of


@dataclass(frozen=True, slots=True)
class Tapped:
    """What is asked now (`title`, None: the question itself), and what one tap and two taps bring; None: the next answer."""

    title: str | None
    yes: str
    no: str | None


def tapped(question: Question, declined: int) -> Tapped | None:
    """The answer that is asked for when so many were tapped away; None where there is nothing to tap."""
    told = [option for option in question.options if not option.silent and answer_of(option.payload)]
    yes = [option for option in told if "no" not in _values(option) and "none" not in _values(option)]
    if not yes:
        return None
    no = next((option.payload for option in told if option not in yes), None) or _unknown(yes[0])
    if len(yes) == 1 and _values(yes[0]) == {"yes"} and len(told) > 1:
        return Tapped(None, yes[0].payload, no)
    now = yes[min(declined, len(yes) - 1)]
    return Tapped(now.title, now.payload, no if declined >= len(yes) - 1 else None)


def _values(option: Option) -> set[str]:
    return set(answer_of(option.payload).values())


def _unknown(option: Option) -> str:
    fact = next(iter(answer_of(option.payload)))
    return f"/answer{json.dumps({fact: UNKNOWN})}"
