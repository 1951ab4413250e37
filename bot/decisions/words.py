"""The fixed words of policy with their labels: services, audiences, first actions, follow-up plans (`rules/vocabulary.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.facts.document import Item, read

KINDS = ("services", "audiences", "first_actions", "follow_ups", "nevers")
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Words:
    """Label by kind and word: `labels["services"]["police"]["en"]`.

    `follow_ups` stand from the lightest to the closest; several at once: the closest wins. `default_action` is what the
    operator does first when no row holds, `default_for` for whom.
    """

    labels: Mapping[str, Mapping[str, Mapping[str, str]]]
    default_for: str
    default_action: str

    @classmethod
    def load(cls, path: Path, shown: Path | None = None) -> Words:
        """Reads `vocabulary.yml`. Raises `RuleFileError` for a missing table or translation."""
        fields = read(path, shown).fields((*KINDS, "default"), required=(*KINDS, "default"))
        labels = {kind: _labels(fields[kind]) for kind in KINDS}
        default = fields["default"].fields(("for", "first_action"), required=("for", "first_action"))
        return cls(
            labels,
            default["for"].known("audience", labels["audiences"]),
            default["first_action"].known("first action", labels["first_actions"]),
        )

    @property
    def nevers(self) -> tuple[str, ...]:
        """What a row may forbid: any service, or one of the further nevers."""
        return (*self.labels["services"], *self.labels["nevers"])

    def closeness(self, follow_up: str) -> int:
        """How closely a follow-up plan looks after the family; higher is closer."""
        return list(self.labels["follow_ups"]).index(follow_up)


def _labels(item: Item) -> Mapping[str, Mapping[str, str]]:
    return {word: label.both_languages() for word, label in item.table.items()}
