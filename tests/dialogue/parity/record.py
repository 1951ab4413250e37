"""Records how rasa 3.6.21 answers walks through projects. Runs in Rasa's own environment (Python 3.10), never in ours.

    python record.py JOBS.json DESCRIPTOR

`JOBS.json` is a list of `{"name", "domain", "data", "config", "actions", "walks"}` with absolute paths; `actions` is a file
whose `ALL` lists action classes, or a package with an `ALL`. What happened is written to the open file DESCRIPTOR, a line of
JSON for each walk (`{"project", "turns"}`) or for a project Rasa would not take (`{"project", "refused"}`).

Per turn: what the bot said, the actions it ran, the slots that changed, the active loop at its end, and what the message was
understood as. A response that had several fitting variations carries all of them under `alternatives`.
"""

import asyncio
import copy
import functools
import importlib.util
import json
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

# A turn that takes so many seconds never ends: an action that takes itself back is predicted again for ever.
STUCK = 30
SESSION_START = "action_session_start"
HIDDEN = {"session_started_metadata"}


class Stuck(BaseException):
    """A turn that does not end; the walk ends before it."""


def _stuck(*_):
    raise Stuck


class Clock:
    """Time that can be moved: everything in this process that asks `time.time()` sees it."""

    def __init__(self):
        self.real, self.ahead = time.time, 0.0
        time.time = lambda: self.real() + self.ahead

    def wait(self, minutes):
        self.ahead += 60.0 * minutes


def actions_of(path):
    """The action classes of a project's own file or package, imported under a name of its own."""
    file = path / "__init__.py" if path.is_dir() else path
    places = [str(path)] if path.is_dir() else None
    name = path.name if path.is_dir() else f"actions_of_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=places)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.ALL


def in_process(actions, failed):
    """An action endpoint that never leaves this process; the names of actions that raise are added to `failed`."""
    from rasa.utils.endpoints import ClientResponseError, EndpointConfig
    from rasa_sdk.executor import ActionExecutor
    from rasa_sdk.interfaces import ActionExecutionRejection

    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)

    class InProcess(EndpointConfig):
        async def request(self, json=None, **_):
            try:
                result = await executor.run(_plain(json))
            except ActionExecutionRejection as rejection:
                text = '{"action_name": "%s", "error": "%s"}' % (rejection.action_name, rejection.message)
                raise ClientResponseError(400, "rejected", text) from rejection
            except Exception:
                failed.append(json["next_action"])
                raise
            return _plain(result if isinstance(result, dict) else result.dict())

    return InProcess(url="http://in.process")


def _plain(call):
    return json.loads(json.dumps(call))


def train(job, folder):
    import rasa

    return rasa.train(
        domain=job["domain"],
        config=job["config"],
        training_files=job["data"],
        output=str(folder),
        fixed_model_name=job["name"],
    ).model


def unhobbled():
    """Switches off what costs most of the time and decides nothing.

    Every answer of an action is checked against a constant schema; for every event read, all kinds of events are listed.
    """
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.utils import common

    RemoteAction._validate_action_result = lambda self, result: True
    common.all_subclasses = functools.lru_cache(common.all_subclasses)


def choices_kept():
    """Lets every response remember the variations lots were drawn from."""
    from rasa.core.nlg import TemplatedNaturalLanguageGenerator
    from rasa.core.nlg.generator import ResponseVariationFilter

    drawn = TemplatedNaturalLanguageGenerator.generate_from_slots

    def generate(self, utter_action, filled_slots, output_channel, **kwargs):
        message = drawn(self, utter_action, filled_slots, output_channel, **kwargs)
        if message is None:
            return None
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, filled_slots
        )
        if len(fitting) > 1:
            filled = [self._fill_response(copy.deepcopy(one), filled_slots, **kwargs) for one in fitting]
            message["alternatives"] = [content(one) for one in filled]
        return message

    TemplatedNaturalLanguageGenerator.generate_from_slots = generate


PARTS = ("text", "buttons", "image", "custom", "attachment", "elements", "quick_replies")


def content(message):
    return {key: message[key] for key in PARTS if message.get(key)}


def said(event):
    message = content({"text": event.text, **event.data})
    if message.get("attachment") == message.get("image"):
        message.pop("attachment", None)
    alternatives = event.metadata.get("alternatives")
    return {**message, "alternatives": alternatives} if alternatives else message


def understood(events):
    from rasa.shared.core.events import UserUttered

    heard = next((event for event in events if isinstance(event, UserUttered)), None)
    return heard.intent.get("name") if heard else None


async def project(agent, sender, slots):
    """Sets slots from outside, before the message is heard."""
    from rasa.shared.core.events import SlotSet

    tracker = await agent.processor.fetch_tracker_and_update_session(sender)
    for name, value in slots.items():
        tracker.update(SlotSet(name, value), agent.domain)
    await agent.tracker_store.save(tracker)


async def turn(agent, sender, item, before):
    """One message and what became of it."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.shared.core.events import ActionExecuted, BotUttered
    from rasa.shared.core.trackers import get_trackers_for_conversation_sessions

    text, parsed = (item, None) if isinstance(item, str) else (item["text"], item if "intent" in item else None)
    began = time.time()
    if not isinstance(item, str) and item.get("slots"):
        await project(agent, sender, item["slots"])
    signal.alarm(STUCK)
    try:
        await agent.handle_message(UserMessage(text, CollectingOutputChannel(), sender, parse_data=_plain(parsed)))
    finally:
        signal.alarm(0)
    tracker = await agent.tracker_store.get_or_create_full_tracker(sender, False)
    events = [event for event in tracker.events if event.timestamp >= began]
    if any(isinstance(event, ActionExecuted) and event.action_name == SESSION_START for event in events):
        # What the next message will find: Rasa reads back from the latest start of a session.
        tracker = get_trackers_for_conversation_sessions(tracker)[-1]
    slots = {key: value for key, value in tracker.current_slot_values().items() if key not in HIDDEN}
    return slots, {
        "user": item,
        "intent": understood(events),
        "replies": [said(event) for event in events if isinstance(event, BotUttered)],
        "actions": [event.action_name for event in events if isinstance(event, ActionExecuted)],
        "slots": {name: value for name, value in slots.items() if _differs(before.get(name), value)},
        "loop": tracker.active_loop_name,
    }


def _differs(before, value):
    return json.dumps(before, sort_keys=True) != json.dumps(value, sort_keys=True)


async def walk(agent, clock, sender, items, failed):
    turns, before, waited = [], {}, 0
    for item in items:
        if isinstance(item, dict) and "wait" in item:
            clock.wait(item["wait"])
            waited += item["wait"]
            continue
        failed.clear()
        try:
            before, done = await turn(agent, sender, item, before)
        except Stuck:
            nothing = {"intent": None, "replies": [], "actions": [], "slots": {}, "loop": None}
            turns.append({"user": item, **nothing, "stuck": True, **({"wait": waited} if waited else {})})
            break
        extra = {key: value for key, value in (("wait", waited), ("failed", list(failed))) if value}
        turns.append({**done, **extra})
        waited = 0
    return turns


async def record(job, clock, write):
    from rasa.core.agent import Agent

    with tempfile.TemporaryDirectory() as folder:
        failed = []
        endpoint = in_process(actions_of(Path(job["actions"])) if job["actions"] else (), failed)
        agent = Agent.load(train(job, Path(folder)), action_endpoint=endpoint)
        for number, items in enumerate(job["walks"]):
            turns = await walk(agent, clock, f"{job['name']}-{number}", items, failed)
            write({"project": job["name"], "turns": turns})


def quiet():
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.CRITICAL)
    logging.disable(logging.ERROR)


def main():
    import rasa

    out = os.fdopen(int(sys.argv[2]), "w", encoding="utf-8")

    def write(line):
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.flush()

    quiet()
    unhobbled()
    choices_kept()
    signal.signal(signal.SIGALRM, _stuck)
    clock = Clock()
    loop = asyncio.new_event_loop()  # one for all: Rasa's scheduler of reminders stays with the first it met
    asyncio.set_event_loop(loop)
    write({"rasa": rasa.__version__})
    for job in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        try:
            loop.run_until_complete(record(job, clock, write))
        except (Exception, SystemExit) as error:
            write({"project": job["name"], "refused": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
