"""Whether two turns are the same, and which declared deviation explains it when they are not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.dialogue import Outcome
from tests.dialogue.parity.ours import differs

TurnRecord = Mapping[str, Any]
COMPARED = ("replies", "actions", "slots", "loop")


@dataclass(frozen=True, slots=True)
class Deviation:
    """A declared way to differ: its `reason`, and the row of docs/rasa.md that says so (`here`, its second cell)."""

    id: str
    reason: str
    here: str


def declared() -> tuple[Deviation, ...]:
    """Every declared deviation, from deviations.yml."""
    rows = YAML(typ="safe", pure=True).load(Path(__file__).with_name("deviations.yml"))
    return tuple(Deviation(row["id"], row["reason"], row["here"]) for row in rows)


def differences(rasa: TurnRecord, ours: TurnRecord) -> list[str]:
    """The parts of a turn in which the two sides differ."""
    return [part for part in COMPARED if not _same(part, rasa[part], ours[part])]


def _same(part: str, rasa: Any, ours: Any) -> bool:
    if part != "replies":
        return not differs(rasa, ours)
    return len(rasa) == len(ours) and all(_same_reply(one, other) for one, other in zip(rasa, ours, strict=True))


def _same_reply(rasa: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Where lots were drawn among variations, any of them will do."""
    plain = {key: value for key, value in rasa.items() if key != "alternatives"}
    fitting = [plain, *({**_without(plain, rasa), **one} for one in rasa.get("alternatives", ()))]
    return any(json.dumps(one, sort_keys=True) == json.dumps(ours, sort_keys=True) for one in fitting)


def _without(plain: Mapping[str, Any], rasa: Mapping[str, Any]) -> dict[str, Any]:
    """The parts no variation wrote: what the action itself added."""
    written = {key for one in rasa.get("alternatives", ()) for key in one}
    return {key: value for key, value in plain.items() if key not in written}


def explained(rasa: TurnRecord, ours: TurnRecord, outcome: Outcome) -> str | None:
    """The id of the declared deviation that explains a difference, None when none does."""
    return next((name for name, recognised in RECOGNISED.items() if recognised(rasa, ours, outcome)), None)


def _failed(rasa: TurnRecord, _: TurnRecord, outcome: Outcome) -> bool:
    """The same action failed on both sides; Rasa went on."""
    return outcome.failed is not None and outcome.failed in rasa.get("failed", ())


def _cut_off(rasa: TurnRecord, ours: TurnRecord, outcome: Outcome) -> bool:
    """Rasa stopped as well, only without listening, and stays so; or it would never have stopped."""
    limited = any(event["event"] == "action_limit_reached" for event in outcome.events)
    return limited and (rasa.get("stuck", False) or [*rasa["actions"], "action_listen"] == ours["actions"])


def _paused(rasa: TurnRecord, ours: TurnRecord, outcome: Outcome) -> bool:
    """Rasa does not listen after an action paused it, and therefore does not understand `/restart` either."""
    if outcome.snapshot["paused"]:
        return [*rasa["actions"], "action_listen"] == ours["actions"] and set(differences(rasa, ours)) == {"actions"}
    return bool(ours["was_paused"]) and ours["intent"] == "restart"


def _keyword(rasa: TurnRecord, ours: TurnRecord, _: Outcome) -> bool:
    """A text, not a payload, was understood in another way."""
    text = rasa["user"]
    return isinstance(text, str) and not text.startswith("/") and rasa["intent"] != ours["intent"]


def _returned(rasa: TurnRecord, ours: TurnRecord, _: Outcome) -> bool:
    """A new session brought back what was reset some time before."""
    return bool(ours["reset"]) and "action_session_start" in ours["actions"] and differences(rasa, ours) == ["slots"]


def _braces(rasa: TurnRecord, ours: TurnRecord, _: Outcome) -> bool:
    """Only words differ, and Rasa's kept their braces."""
    if differences(rasa, ours) != ["replies"] or len(rasa["replies"]) != len(ours["replies"]):
        return False
    pairs = zip(rasa["replies"], ours["replies"], strict=True)
    return all("{" in json.dumps(one) for one, other in pairs if not _same_reply(one, other))


def _taken_back(rasa: TurnRecord, ours: TurnRecord, outcome: Outcome) -> bool:
    """Messages were taken back, and Rasa's form took an answer from them."""
    loop = rasa["loop"]
    rewound = any(event["event"] == "rewind" for event in outcome.events)
    return bool(rewound and loop == ours["loop"] and loop in rasa["actions"] and loop not in ours["actions"])


RECOGNISED: Mapping[str, Callable[[TurnRecord, TurnRecord, Outcome], bool]] = {
    "failed-action": _failed,
    "action-limit": _cut_off,
    "paused": _paused,
    "keywords": _keyword,
    "reset-slots": _returned,
    "braces": _braces,
    "taken-back": _taken_back,
}
