"""When two cases may be one family: what would have to agree (`data/same_family.yml`). A human decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

from bot.facts import Sheet
from bot.facts.document import Item, read
from bot.facts.durations import duration
from bot.places import Level, Place

FEATURES = ("phone", "township", "ages", "concern")
CONCERN, AGE, UNSAID = "concern_", "child_age", ("unknown", "refused")
MOBILE = 11  # digits of a Chinese mobile number; whatever is before it is the country's


@dataclass(frozen=True, slots=True)
class Mark:
    """One way in which a case could be like another: `kind` is the way, `value` what would be the same. Never stored in clear."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Kinship:
    """`alike["picture"]` names the features that must agree, `labels` say so in both languages."""

    within: timedelta
    alike: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, path: Path) -> Kinship:
        """Raises `RuleFileError` with file and line for a word nobody knows or a missing translation."""
        fields = read(path, Path("data") / path.name).fields(("within", "alike"), required=("within", "alike"))
        ways = {
            name: way.fields(("same", "zh", "en"), required=("same",)) for name, way in fields["alike"].table.items()
        }
        alike = {name: tuple(w.known("feature", FEATURES) for w in way["same"].words) for name, way in ways.items()}
        labels = {name: _said(way, fields["alike"].table[name]) for name, way in ways.items()}
        return cls(duration(fields["within"]), alike, labels)

    def marks(self, sheet: Sheet, place: Place | None, details: Mapping[str, str]) -> tuple[Mark, ...]:
        """Every mark of a case; a way for which something is not known gives none."""
        known = dict(_features(sheet, place, details))
        return tuple(
            Mark(kind, "\0".join(values))
            for kind, features in self.alike.items()
            for values in product(*(known.get(feature, ()) for feature in features))
        )


def _features(sheet: Sheet, place: Place | None, details: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if digits := "".join(c for c in details.get("phone", "") if c.isdigit()):
        yield "phone", (digits[-MOBILE:],)
    if place and place.level >= Level.TOWNSHIP:
        yield "township", (place.code[:9],)
    ages = [sheet.value(AGE, child) for child in range(sheet.children)]
    if ages and all(age and age not in UNSAID for age in ages):
        yield "ages", (",".join(sorted(age for age in ages if age)),)
    told = (answer for answer in sheet.answers if answer.fact.startswith(CONCERN) and answer.value == "yes")
    yield "concern", tuple(sorted(answer.fact for answer in told))


def _said(way: Mapping[str, Item], whole: Item) -> Mapping[str, str]:
    return Item({key: item for key, item in way.items() if key != "same"}, whole.where).both_languages()
