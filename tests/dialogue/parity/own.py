"""Our own project. What a family told reaches its conversation as slots, set with each message: walks draw them as well.

What pre-empts is not Rasa's and left out on both sides; `tests/rasa` plays whole dialogues of the service, with it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import actions
from bot.dialogue import Assistant, InProcessActions, Project
from bot.dialogue.model.slots import Slot
from tests.dialogue.parity.walks import LENGTH, Walk
from tests.dialogue.talking import executor_of

ROOT = Path(__file__).parents[3]
DOMAIN, DATA, CONFIG, ACTIONS = (ROOT / part for part in ("data/domain", "data", "config.yml", "actions"))
# Rasa's own: nobody of ours sends them, and what they take back would take our slots back with them.
RASAS = {"restart", "back", "session_start", "out_of_scope"}
DOOR = {"for_whom": "孩子", "lead": "村（居）儿童主任", "who": "某某村", "first_action": "上门看看", "phone": "000"}
# Slots that hold more than a word, and what they may hold.
SHAPES: dict[str, tuple[Any, ...]] = {
    "heard": (None, None, "要离婚、分开", "5到7岁"),
    "place": (None, "江苏省镇江市扬中市"),
    "found": (None, "江苏省镇江市扬中市"),
    "place_options": ([], [{"title": "新坝镇", "payload": '/place{"code":"321182101"}'}]),
    "place_problem": (None, "unknown", "ambiguous", "listing", "narrow"),
    "consent": (None, "given", "refused"),
    "contact": (None, "given"),
    "status": (
        None,
        {"known": False},
        {"known": True, "guarded": True, "lines": []},
        {"known": True, "guarded": False, "lines": [{"response": "utter_status_part", "state": "已受理", **DOOR, "by": "今天"}]},
    ),
    "news": (None, [{"response": "utter_news_none"}]),
    "human_by": ("最晚今天10:05",),
    "misunderstood": (0, 1, 2, 3),
}  # fmt: skip
REFERRALS: tuple[Any, ...] = (
    {"state": "sent"},
    {"state": "takeover", "by": "今天"},
    {"state": "ready", "doors": [{"response": "utter_door", **DOOR, "by": "明天"}], "because": "…", "receipt": "1234"},
    {"state": "ready", "doors": [], "because": None, "receipt": "1234"},
)


def assistant(clock: Callable[[], float]) -> Assistant:
    """Our side."""
    project = replace(Project.load(ROOT), preemptions=())
    return Assistant(project, InProcessActions(executor_of(*actions.ALL)), clock=clock)


def walks(count: int, seed: str) -> list[Walk]:
    """Walks over our intents, each message with the slots a turn might project."""
    domain = Project.load(ROOT).domain
    lot = random.Random(f"rightdoor {seed}")
    intents = sorted(domain.intents - RASAS)
    questions = sorted(n.removeprefix("utter_why_") for n in domain.responses if n.startswith("utter_why_"))
    facts = [name for name in questions if name in domain.slots.slots]
    return [list(_walk(lot, intents, facts, domain.slots.slots)) for _ in range(count)]


def _walk(lot: random.Random, intents: list[str], facts: list[str], slots: dict[str, Slot]) -> Iterator[dict[str, Any]]:
    language, told = lot.choice(["zh", "en"]), dict.fromkeys(facts)
    for _ in range(LENGTH):
        asking = lot.random() < 0.7
        told |= {name: lot.choice(["yes", "no", "unknown"]) for name in lot.sample(facts, 2)}
        asked = lot.choice([*facts, "place"]) if asking else None
        projected = {name: lot.choice(shapes) for name, shapes in SHAPES.items()}
        flags = {n: lot.random() < 0.3 for n in ("minor_writes", "erasable", "with_human", "about_sibling")}
        projected |= flags | {"language": language, "interviewing": asking, "next_question": asked, "moves": None}
        projected |= {"first_contact": False, "card_due": False, "referral": None if asking else lot.choice(REFERRALS)}
        projected |= told | ({asked: None} if asked else {})
        intent = "inform" if lot.random() < 0.5 else lot.choice(intents)
        yield {"text": f"/{intent}", "slots": {name: value for name, value in projected.items() if name in slots}}
