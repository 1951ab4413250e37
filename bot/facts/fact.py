"""One fact of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.errors import Where
from bot.facts.conditions import Alternatives

FAMILY, CHILD = "family", "child"
# Answers every fact has: the person does not know, or would not say.
UNKNOWN, REFUSED = "unknown", "refused"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can be known about the family or about one child; a finite set of values.

    `relevant_when` empty: always relevant. `otherwise` is what it counts as while it is open and certainly irrelevant.
    `cues` are the names of lexicon cues that mention it. `worse` lists values from safest to gravest; `at_least` says which
    risk a value has at the least (asserted by `check`, it does nothing at run time). `stays_true` is how long an answer
    holds; `needed_by` names services that need it although no rule does.
    """

    name: str
    about: str
    values: tuple[str, ...]
    question: str
    where: Where
    ask_with: str | None = None
    relevant_when: Alternatives = ()
    otherwise: str | None = None
    mentioned_by: Alternatives = ()
    cues: tuple[str, ...] = ()
    worse: tuple[tuple[str, ...], ...] = ()
    at_least: Mapping[str, str] = field(default_factory=dict)
    stays_true: timedelta | None = None
    sensitive: bool = False
    needed_by: tuple[str, ...] = ()

    @property
    def can_be_mentioned(self) -> bool:
        """Whether a hint in words makes it relevant; only facts that declare `mentioned_by` listen."""
        return bool(self.mentioned_by or self.cues)
