"""All that an author is told without being refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.dialogue.checking import chains, forms, unused
from bot.dialogue.checking.material import Material
from bot.dialogue.findings import Finding, in_order

CHECKS: tuple[Callable[[Material], Iterator[Finding]], ...] = (
    unused.unused_intents,
    unused.unused_entities,
    unused.unused_responses,
    unused.unused_actions,
    unused.unset_slots,
    unused.unfound_entities,
    unused.repeated_examples,
    forms.form_warnings,
    chains.endless_chains,
)


def warnings_of(material: Material) -> tuple[Finding, ...]:
    """Every warning, by file and line."""
    return tuple(in_order(finding for check in CHECKS for finding in check(material)))
