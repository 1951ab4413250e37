"""The fixed words of policy with their labels: services, audiences, first actions, follow-up plans (`rules/vocabulary.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from bot.facts.document import Item, read
from bot.facts.durations import duration

KINDS = ("services", "audiences", "first_actions", "follow_ups", "nevers")
OPERATOR = "operator"
CONTACTS = ("visit", "call")  # ways of following up: in person, or by telephone
_LONGEST = 100  # contacts of one plan; more is a slip of the pen


class Contact(NamedTuple):
    """One time somebody looks after the family again: how, and how long after the case was opened."""

    how: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Words:
    """Label by kind and word: `labels["services"]["police"]["en"]`.

    `follow_ups` stand from the lightest to the closest; several at once: the closest wins. `plans` has the contacts of each, in
    the order of their dates. `default_action` is what the operator does first when no row holds, `default_for` for whom.
    """

    labels: Mapping[str, Mapping[str, Mapping[str, str]]]
    plans: Mapping[str, tuple[Contact, ...]]
    default_for: str
    default_action: str

    @classmethod
    def load(cls, path: Path, shown: Path | None = None) -> Words:
        """Reads `vocabulary.yml`. Raises `RuleFileError` for a missing table or translation, and for a plan without dates."""
        fields = read(path, shown).fields((*KINDS, "default"), required=(*KINDS, "default"))
        labels = {kind: _labels(fields[kind]) for kind in KINDS if kind != "follow_ups"}
        plans = fields["follow_ups"].table
        labels["follow_ups"] = {word: _label(plan) for word, plan in plans.items()}
        default = fields["default"].fields(("for", "first_action"), required=("for", "first_action"))
        return cls(
            labels,
            {word: _plan(plan) for word, plan in plans.items()},
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


def _label(plan: Item) -> Mapping[str, str]:
    """What a plan is called; its dates stand beside the two languages."""
    fields = plan.fields(("zh", "en", "steps", "every", "for"))
    return Item({key: fields[key] for key in ("zh", "en") if key in fields}, plan.where).both_languages()


def _plan(plan: Item) -> tuple[Contact, ...]:
    """The contacts of a plan: `steps: [{visit: 1d}]`, and `every: {visit: 7d}, for: 90d`."""
    fields = plan.table
    if ("every" in fields) != ("for" in fields):
        plan.fail("'every' and 'for' belong together: how often, and until when?")
    contacts = [_contact(step) for step in fields["steps"].items] if "steps" in fields else []
    if "every" in fields:
        contacts += _repeated(_contact(fields["every"]), duration(fields["for"]), plan)
    if not contacts:
        plan.fail("a follow-up plan has dates: 'steps: [{visit: 7d}]', or 'every: {visit: 7d}' and 'for: 90d'")
    return tuple(sorted(set(contacts), key=lambda contact: (contact.after, CONTACTS.index(contact.how))))


def _contact(item: Item) -> Contact:
    if len(item.table) != 1:
        item.fail("one contact is written as {visit: 7d} or {call: 30d}")
    [(how, after)] = item.table.items()
    contact = Contact(Item(how, after.where).known("contact", CONTACTS), duration(after))
    if not contact.after:
        after.fail("a follow-up comes after the first action, so not at 0")
    return contact


def _repeated(contact: Contact, until: timedelta, plan: Item) -> list[Contact]:
    times = until // contact.after
    if not 0 < times <= _LONGEST:
        plan.fail(f"{times} contacts in one plan; between 1 and {_LONGEST} are possible")
    return [Contact(contact.how, contact.after * number) for number in range(1, times + 1)]
