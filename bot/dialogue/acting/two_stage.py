"""Fallback in two stages: ask what was meant, then ask to say it again, then give up (rasa `core/actions/two_stage_fallback.py`).

It is a loop: active from the first message nobody understood until somebody says what they meant, or three tries failed.
What the questions say is Rasa's, unless the project has an action of that name, or `utter_ask_rephrase`, `utter_default`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from bot.dialogue.acting.stage import Stage
from bot.dialogue.memory.events import (
    USER_UTTERANCE_REVERTED,
    Event,
    action_executed,
    active_loop,
    bot_uttered,
    user_uttered,
)
from bot.dialogue.model import names

# Runs another action by its name: a project's own, where there is one.
Run = Callable[[Stage, str], list[Event]]
# The latest messages, the newest first, after which nobody is asked again.
GIVING_UP = ([names.FALLBACK_INTENT] * 2, [names.OUT_OF_SCOPE, names.FALLBACK_INTENT, names.OUT_OF_SCOPE])


def fall_back_in_two_stages(stage: Stage, run: Run) -> list[Event]:
    """The next question, or the end of the loop: what was meant is taken for what was said, or it gives up."""
    intent = stage.tracker.intent
    starting = stage.tracker.loop_name != names.TWO_STAGE_FALLBACK
    events = [active_loop(names.TWO_STAGE_FALLBACK)] if starting else []
    gives_up = any(stage.tracker.latest_intents(len(tried)) == tried for tried in GIVING_UP)
    if gives_up:
        return [*events, active_loop(None), *run(stage, names.DEFAULT_FALLBACK)]
    if intent not in {names.FALLBACK_INTENT, names.OUT_OF_SCOPE}:
        return [*events, active_loop(None), USER_UTTERANCE_REVERTED, *_clarified(stage)]
    asks_what_was_meant = starting or intent == names.FALLBACK_INTENT
    return [*events, *run(stage, names.ASK_AFFIRMATION if asks_what_was_meant else names.ASK_REPHRASE)]


def _clarified(stage: Stage) -> list[Event]:
    """The message that made it clear, as if it had been the first."""
    message = stage.tracker.message
    if message is None:
        return []
    certain = {**message, "intent": {**message["intent"], "confidence": 1.0}}
    return [action_executed(names.LISTEN), user_uttered(certain, stage.channel)]


def ask_affirmation(stage: Stage) -> list[Event]:
    """Asks whether the likeliest intent was meant."""
    message = stage.tracker.message or {"intent": {}}
    intent, ranking = message["intent"].get("name"), message.get("intent_ranking") or []
    if intent == names.FALLBACK_INTENT and len(ranking) > 1:
        intent = ranking[1]["name"]
    words = _words()
    yes = {"title": words["yes"], "payload": f"/{intent}"}
    no = {"title": words["no"], "payload": f"/{names.OUT_OF_SCOPE}"}
    text = words["did_you_mean"].format(intent=intent)
    return [bot_uttered({"text": text, "buttons": [yes, no], "utter_action": names.ASK_AFFIRMATION})]


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = YAML(typ="safe", pure=True).load(
        files(__package__).joinpath("two_stage.yml").read_text("utf-8")
    )
    return words
