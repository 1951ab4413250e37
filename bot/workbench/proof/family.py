"""A family that a proof found: its answers, what was only mentioned, and the conversation that leads there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.decisions import Policy
from bot.decisions.proof.answers import Key
from bot.facts import Answer, Sheet, Source

# A found family has no history; its answers are all of one moment.
THEN = datetime(2026, 1, 1, tzinfo=UTC)
# A conversation that has not ended after so many questions is not a short one.
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Family:
    """`answers` by fact and child (None: the family's); `mentions` are facts a cue touched; `children` if there are several.

    `beside` is the second sheet of a question about two: after a step up, or the whole truth.
    """

    answers: Mapping[Key, str]
    mentions: frozenset[Key] = frozenset()
    children: int = 0
    beside: Family | None = None

    def plain(self) -> dict[str, Any]:
        """As `rightdoor decide` takes it: `{"family": {…}, "children": [{…}]}`."""
        return self.sheet().plain()

    def sheet(self) -> Sheet:
        """As a sheet."""
        sheet = Sheet()
        for (fact, child), value in self.answers.items():
            sheet = sheet.with_answer(Answer(fact, child, value, Source.TOLD, THEN))
        for fact, child in sorted(self.mentions, key=str):
            sheet = sheet.with_mention(fact, child)
        return replace(sheet, children=max(sheet.children, self.children))

    def conversation(self, policy: Policy) -> list[dict[str, str]]:
        """The shortest conversation that leads there: `[{"fact", "value", "how": "asked" | "said"}]`.

        What the policy asks is answered as this family would; the rest it says unasked.
        """
        sheet, steps, left = Sheet(mentions=self.sheet().mentions, children=self.children), [], dict(self.answers)
        for _ in range(LONGEST):
            ask = policy.decide(sheet, THEN).ask
            key = (ask.fact, ask.child) if ask else None
            how = "asked" if key in left else "said"
            key = key if key in left else next(iter(left), None)
            if key is None:
                break
            value = left.pop(key)
            sheet = sheet.with_answer(Answer(key[0], key[1], value, Source.TOLD, THEN))
            steps.append({"fact": key[0], "value": value, "how": how})
        return steps
