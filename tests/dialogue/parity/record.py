"""Records how rasa 3.6.21 answers walks through projects. Runs in Rasa's own environment (Python 3.10), never in ours.

    python record.py OUT_FOLDER WALKS PROJECT…

Per turn: what the bot said, the actions it ran, the slots that changed, the active loop at its end. One turn a line.
"""

import asyncio
import datetime
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from walks import walks

HIDDEN = {"session_started_metadata"}


def actions_of(project):
    spec = importlib.util.spec_from_file_location(f"actions_of_{project.name}", project / "actions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ALL


def in_process(project):
    from rasa.utils.endpoints import ClientResponseError, EndpointConfig
    from rasa_sdk.executor import ActionExecutor
    from rasa_sdk.interfaces import ActionExecutionRejection

    executor = ActionExecutor()
    for action in actions_of(project):
        executor.register_action(action)

    class InProcess(EndpointConfig):
        async def request(self, json=None, **_):
            try:
                result = await executor.run(_plain(json))
            except ActionExecutionRejection as rejection:
                text = '{"action_name": "%s", "error": "%s"}' % (rejection.action_name, rejection.message)
                raise ClientResponseError(400, "rejected", text) from rejection
            return result if isinstance(result, dict) else result.dict()

    return InProcess(url="http://in.process")


def _plain(call):
    return json.loads(json.dumps(call))


def train(project, folder):
    import rasa

    return rasa.train(
        domain=str(project / "domain.yml"),
        config=str(project / "config.yml"),
        training_files=str(project / "data"),
        output=str(folder),
        fixed_model_name=project.name,
    ).model


def said(event):
    data = {key: value for key, value in event.data.items() if value}
    if data.get("attachment") == data.get("image"):
        data.pop("attachment", None)
    return {"text": event.text, **data}


def since_message(events):
    from rasa.shared.core.events import UserUttered

    return events[max(i for i, event in enumerate(events) if isinstance(event, UserUttered)) + 1 :]


async def record(project, count):
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.shared.core.events import ActionExecuted, BotUttered

    with tempfile.TemporaryDirectory() as folder:
        agent = Agent.load(train(project, Path(folder)), action_endpoint=in_process(project))
        conversations = []
        for number, walk in enumerate(walks(project, count)):
            turns, before = [], {}
            for text in walk:
                await agent.handle_message(UserMessage(text, CollectingOutputChannel(), f"walk-{number}"))
                tracker = await agent.tracker_store.get_or_create_full_tracker(f"walk-{number}", False)
                events = since_message(list(tracker.events))
                slots = {k: v for k, v in tracker.current_slot_values().items() if k not in HIDDEN}
                turns.append(
                    {
                        "user": text,
                        "replies": [said(event) for event in events if isinstance(event, BotUttered)],
                        "actions": [event.action_name for event in events if isinstance(event, ActionExecuted)],
                        "slots": {name: value for name, value in slots.items() if before.get(name) != value},
                        "loop": tracker.active_loop_name,
                    }
                )
                before = slots
            conversations.append(turns)
    return conversations


def as_lines(conversations):
    import rasa

    told = [
        "[\n" + ",\n".join(json.dumps(turn, ensure_ascii=False) for turn in turns) + "\n]" for turns in conversations
    ]
    head = json.dumps({"rasa": rasa.__version__, "recorded": str(datetime.date.today())})[:-1]
    return head + ', "conversations": [\n' + ",\n".join(told) + "\n]}\n"


def main():
    import logging

    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)
    out, count = Path(sys.argv[1]), int(sys.argv[2])
    for name in sys.argv[3:]:
        project = Path(name).resolve()
        conversations = asyncio.run(record(project, count))
        (out / f"{project.name}.json").write_text(as_lines(conversations), encoding="utf-8")
        print(project.name, sum(map(len, conversations)), "turns", flush=True)


if __name__ == "__main__":
    main()
