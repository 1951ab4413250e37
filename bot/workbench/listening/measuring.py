"""Reading every labelled message, and what came of it."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.facts import Lexicon, Reading
from bot.facts.matters import Matter
from bot.workbench.listening.labelled import Message
from bot.workbench.listening.scores import Confusion, Share, off_by

# What brings the emergency card at once.
CARD = frozenset({"screen_danger", "screen_alone", "screen_death"})
# What a danger may be read as, or be asked about.
GRAVE = CARD | {
    "kill_threat", "child_wants_to_die", "adult_wants_to_die", "missing", "sexual_harm", "concern_violence", "hit_child",
    "child_hurt", "image_threat", "pregnant", "child_marriage", "placement_matter", "cannot_speak", "suspects_harm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, what was read in it, and what it was taken to be about."""

    message: Message
    readings: tuple[Reading, ...]
    matter: Matter | None
    likelihood: float

    @property
    def warned(self) -> bool:
        """Whether a danger was read or will be asked about."""
        wanted = GRAVE | self.message.free | (self.message.facts or {}).keys()
        return any(reading.fact in wanted for reading in self.readings)

    @property
    def alarmed(self) -> bool:
        """Whether the emergency card came at once."""
        return any(each.certain and each.value == "yes" and each.fact in CARD for each in self.readings)


def hear_all(messages: Iterable[Message], lexicon: Lexicon) -> tuple[Heard, ...]:
    """Every message, read."""
    heard = []
    for message in messages:
        readings = lexicon.read(message.text)
        judged = lexicon.judge(lexicon.spelling.plain(message.text).text, readings)
        heard.append(Heard(message, readings, judged.matter if judged else None, judged.likelihood if judged else 0.0))
    return tuple(heard)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured over some messages."""

    danger: Share
    alarms: Mapping[str, Share]
    matters: Confusion[Matter]
    off_by: float
    precision: Mapping[str, Share]
    recall: Mapping[str, Share]

    @property
    def facts_right(self) -> Share:
        """Precision over all facts."""
        return _sum(self.precision.values())

    @property
    def facts_found(self) -> Share:
        """Recall over all facts."""
        return _sum(self.recall.values())


def figures(heard: Sequence[Heard], negatives: Sequence[Heard]) -> Figures:
    """The figures over messages and negatives."""
    told = [each for each in heard if each.message.danger]
    harmless = [each for each in heard if each.message.danger is False and each.message.matter is Matter.OURS]
    judged = [each for each in (*heard, *negatives) if each.message.matter and each.matter]
    precision, recall = _facts(heard)
    return Figures(
        Share(sum(each.warned for each in told), len(told)),
        {
            "consult": Share(sum(each.alarmed for each in harmless), len(harmless)),
            "negatives": Share(sum(each.alarmed for each in negatives), len(negatives)),
        },
        Confusion.of((each.message.matter, each.matter) for each in judged if each.message.matter and each.matter),
        off_by((each.likelihood, each.message.matter == each.matter) for each in judged),
        precision,
        recall,
    )


def wrong_facts(heard: Heard) -> list[str]:
    """What was read for certain and is not so, and what is so and was not read."""
    message = heard.message
    labelled, said = message.facts or {}, _certain(heard)
    wrong = [f"+{fact}={value}" for fact, value in said.items() if labelled.get(fact) != value]
    return wrong + [f"-{fact}={value}" for fact, value in labelled.items() if fact not in said]


def _certain(heard: Heard) -> dict[str, str]:
    """What was read for certain of what is scored: concerns only open questions, and the screen is counted as danger."""
    return {
        each.fact: each.value
        for each in heard.readings
        if each.certain
        and each.value
        and each.fact not in heard.message.free
        and (not each.fact.startswith(("concern_", "screen_")) or each.fact in (heard.message.facts or {}))
    }


def _facts(heard: Iterable[Heard]) -> tuple[dict[str, Share], dict[str, Share]]:
    right: defaultdict[str, list[bool]] = defaultdict(list)
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for each in heard:
        if each.message.facts is None:
            continue
        said = _certain(each)
        for fact, value in said.items():
            right[fact].append(each.message.facts.get(fact) == value)
        for fact, value in each.message.facts.items():
            found[fact].append(said.get(fact) == value)
    return _shares(right), _shares(found)


def _shares(of: Mapping[str, list[bool]]) -> dict[str, Share]:
    return {fact: Share(sum(hits), len(hits)) for fact, hits in sorted(of.items())}


def _sum(shares: Iterable[Share]) -> Share:
    rows = list(shares)
    return Share(sum(row.hits for row in rows), sum(row.of for row in rows))


def cost(texts: Sequence[str], lexicon: Lexicon) -> float:
    """Milliseconds for one message, at the median."""
    spent = []
    for text in texts:
        start = time.perf_counter()
        lexicon.judge(lexicon.spelling.plain(text).text, lexicon.read(text))
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)
