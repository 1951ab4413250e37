"""Rasa's side of `rightdoor bench --against-rasa`: holds conversations in Rasa's own process and says how long they took.

Run by the Python of Rasa's environment, never imported by ours:

    python rasa_side.py MODEL   < {"messages": […], "conversations": 5, "checked": true}   > {"seconds": 2.1, "turns": 40}

`checked` false switches off Rasa's JSON-schema check of each action's answer (it validates a constant schema again and again,
which is most of what a form turn costs), so that we are not compared with that alone. Actions run in Rasa's process, as ours do.
"""

import asyncio
import json
import logging
import os
import sys
import time
import uuid
from typing import Any, Dict, List

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor


class InProcess(EndpointConfig):  # type: ignore[misc]
    """Hands an action call to rasa_sdk's executor in this process."""

    def __init__(self) -> None:
        super().__init__(url="http://in.process")
        self.executor = ActionExecutor()
        self.executor.register_package("actions")

    async def request(self, json: Any = None, **_: Any) -> Any:
        """The action's answer."""
        return await self.executor.run(json)


def quiet() -> None:
    """Rasa says nothing but errors."""
    configure_structlog(logging.ERROR)
    for name in ("", "rasa", "rasa_sdk"):
        logging.getLogger(name).setLevel(logging.ERROR)


async def serve(model: str) -> None:
    """Answers one line for each line, until there is none. What libraries print goes elsewhere."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    agent = Agent.load(model, action_endpoint=InProcess())
    check = RemoteAction._validate_action_result
    answers.write(json.dumps({"ready": True}) + "\n")
    for line in sys.stdin:
        asked = json.loads(line)
        RemoteAction._validate_action_result = check if asked["checked"] else lambda *_: True
        answers.write(json.dumps(await measured(agent, asked["messages"], asked["conversations"])) + "\n")


async def measured(agent: Any, messages: List[str], conversations: int) -> Dict[str, Any]:
    """Seconds for so many conversations, each with a sender of its own; `last` is what was said at the end."""
    last = None
    start = time.perf_counter()
    for _ in range(conversations):
        sender = uuid.uuid4().hex
        for message in messages:
            last = await agent.handle_text(message, sender_id=sender)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "turns": conversations * len(messages), "last": last[-1]["text"] if last else None}


if __name__ == "__main__":
    quiet()
    asyncio.run(serve(sys.argv[1]))
