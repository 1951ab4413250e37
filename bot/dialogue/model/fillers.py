"""Which mappings can fill which slots, worked out once for each loop and intent there is.

What depends on neither – the slot asked for, a rejection, who else could take the entity – is left to
`acting/extraction.py`. Without this every message would be held against every mapping of every slot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.dialogue.model.forms import Form
from bot.dialogue.model.mappings import Mapping as SlotMapping
from bot.dialogue.model.slots import Slot

Fillable = tuple[tuple[Slot, tuple[SlotMapping, ...]], ...]


class Fillers:
    """The mappings of all slots, by loop and intent. The table grows as conversations meet them, and never changes."""

    def __init__(self, slots: Iterable[Slot], forms: Mapping[str, Form]) -> None:
        self._slots = tuple(slots)
        self._forms = forms
        self._known: dict[tuple[str | None, str | None], Fillable] = {}

    def of(self, loop: str | None, intent: str | None) -> Fillable:
        """Every slot that a message of `intent` could fill while `loop` is active, with the mappings that could."""
        found = self._known.get((loop, intent))
        if found is None:
            found = self._known[loop, intent] = self._find(loop, intent)
        return found

    def _find(self, loop: str | None, intent: str | None) -> Fillable:
        form = self._forms.get(loop or "")
        pairs = (
            (s, tuple(m for m in s.mappings if _wanted(m, form, intent) and _placed(m, loop))) for s in self._slots
        )
        return tuple((slot, mappings) for slot, mappings in pairs if mappings)


def _wanted(mapping: SlotMapping, form: Form | None, intent: str | None) -> bool:
    """Whether the mapping takes messages of this intent; a form's ignored intents fill nothing that belongs to it."""
    if mapping.intents:
        return intent in mapping.intents
    if intent in mapping.not_intents:
        return False
    if form is None or intent not in form.ignored_intents:
        return True
    return bool(mapping.conditions) and all(c.active_loop != form.name for c in mapping.conditions)


def _placed(mapping: SlotMapping, loop: str | None) -> bool:
    """Whether the mapping can do anything in this loop, or outside every loop."""
    if mapping.kind == "custom" and mapping.action is None:
        return False
    loops = {condition.active_loop for condition in mapping.conditions}
    if mapping.kind == "from_trigger_intent":
        return loop is not None and (not loops or loop in loops)
    return not loops or loop in loops
