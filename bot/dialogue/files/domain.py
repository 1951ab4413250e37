"""domain.yml (or a folder of such files) into a `Domain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.files.entities import read_entities, read_intents
from bot.dialogue.files.merging import merged, section_items, section_pairs
from bot.dialogue.files.node import Node
from bot.dialogue.files.responses import read_response
from bot.dialogue.files.skipping import Skipping
from bot.dialogue.files.slots import Known, read_slot
from bot.dialogue.model.domain import Domain, Session
from bot.dialogue.model.forms import Form
from bot.dialogue.model.names import KNOWLEDGE_BASE, KNOWLEDGE_BASE_SLOTS, REQUESTED_SLOT, SESSION_METADATA
from bot.dialogue.model.slots import Slot, SlotBook


def read_domain(files: Sequence[Node], skipping: Skipping, retrieval: frozenset[str] = frozenset()) -> Domain:
    """All domain files as one `Domain`; nlu.yml says which intents are `retrieval` ones.

    Raises `ProjectFileError` at the first thing that cannot hold.
    """
    for spoken in (item for file in files for item in file.child("e2e_actions").items()):
        with skipping:
            message = "end-to-end actions are not supported: there is no model here that could predict them"
            raise spoken.unsupported(message)
    labels = read_entities(files)
    intents = read_intents(files, labels)
    nodes = dict(section_pairs(files, "forms"))
    actions = frozenset(name for name, _ in section_items(files, "actions"))
    slots = _slots(files, Known(frozenset(labels.names), frozenset(intents), frozenset(nodes), actions))
    forms = {name: _form(name, node, slots, frozenset(intents)) for name, node in nodes.items()}
    responses = {name: read_response(node, slots) for name, node in section_pairs(files, "responses")}
    _check_config(files)
    session = _session(files)
    plain = merged(files)
    _complete(plain, forms)
    return Domain(
        entities_of=intents,
        entities=frozenset(labels.names),
        slots=SlotBook.of(slots),
        forms=forms,
        responses=responses,
        custom=actions - frozenset(responses),
        session=session,
        plain=plain,
        retrieval=retrieval,
    )


def _slots(files: Sequence[Node], known: Known) -> dict[str, Slot]:
    nodes = dict(section_pairs(files, "slots"))
    known = replace(known, slots=frozenset(nodes))
    slots = {name: read_slot(name, node, known) for name, node in nodes.items()}
    if known.forms:
        slots.setdefault(REQUESTED_SLOT, Slot(REQUESTED_SLOT, "text"))
    for name in KNOWLEDGE_BASE_SLOTS if KNOWLEDGE_BASE in known.actions else ():
        slots.setdefault(name, Slot(name, "text"))
    slots.setdefault(SESSION_METADATA, Slot(SESSION_METADATA))
    return slots


def _form(name: str, node: Node, slots: Mapping[str, Slot], intents: frozenset[str]) -> Form:
    node.reads(("required_slots", "ignored_intents"))
    required = tuple(item.known("slot", slots) for item in node.child("required_slots").items())
    ignored = tuple(item.named("intent", intents) for item in node.child("ignored_intents").item_or_items())
    return Form(name, required, ignored)


def _session(files: Sequence[Node]) -> Session:
    said = [file.child("session_config") for file in files if file.has("session_config")]
    if not said:
        return Session()
    if len(said) > 1:
        raise said[1].refuse(f"`session_config` is declared twice; the other one is in {said[0].where}")
    config = said[0].reads(("session_expiration_time", "carry_over_slots_to_new_session"))
    carry_over = config.child("carry_over_slots_to_new_session").flag(default=True)
    return Session(config.child("session_expiration_time").number(60.0), carry_over)


def _check_config(files: Sequence[Node]) -> None:
    """`config: {store_entities_as_slots: …}` is read and decides nothing, as in 3.6.21, which trains rules without it."""
    for file in files:
        if file.has("config"):
            file.child("config").only(("store_entities_as_slots",)).child("store_entities_as_slots").flag(default=True)


def _complete(plain: dict[str, Any], forms: Mapping[str, Form]) -> None:
    """Fills in what an action may look for although no file says it."""
    plain["forms"] = {name: {**(plain.get("forms", {}).get(name) or {})} for name in forms}
    for name, form in forms.items():
        plain["forms"][name]["required_slots"] = list(form.required_slots)
    plain.setdefault("slots", {})
    plain.setdefault("session_config", {"session_expiration_time": 60, "carry_over_slots_to_new_session": True})
    plain.setdefault("actions", [])
