"""`rightdoor demo --telegram`: the seed story through Telegram's own protocol, on a Bot API server on loopback."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from ruamel.yaml import YAML

from bot.errors import RightdoorError
from bot.replies import Button, Reply
from bot.turns import Turns
from bot.workbench.botapi import BotApi, Person
from bot.workbench.botapi.chats import Shown
from bot.workbench.demo import LONGEST, Stage, hers

PATIENCE = 30.0  # seconds


def play_on_telegram(turns: Turns, api: BotApi, script: Path, out: Console) -> None:
    """Plays the first scene of `script` with people who hold a telephone; `turns` is the running service's."""
    story: dict[str, Any] = YAML(typ="safe", pure=True).load(script.read_text(encoding="utf-8"))
    stage, scene = Stage(out), story["scenes"][0]
    crew = {row["agency"]: _enrol(turns, api, row) for row in story["staff"]}
    mother = api.person("妈妈（虚构）")
    stage.heading(f"Telegram · {scene['title']['zh']} · {scene['title']['en']}")
    _interview(turns, stage, scene, mother)
    worker = crew[scene["accepts"]]
    worker.gets("请您", PATIENCE)
    worker.presses("我接了")
    worker.gets("已记下", PATIENCE)
    mother.gets("新消息", PATIENCE)
    mother.presses("打开")
    mother.gets("已经接下", PATIENCE)
    for who, person in (("妈妈", mother), (scene["accepts"], worker)):
        stage.heading(who)
        _chat(stage, who, person)


def _enrol(turns: Turns, api: BotApi, row: Mapping[str, str]) -> Person:
    services = turns.services
    now = services.clock()
    with services.store.work() as work:
        county = services.directory.agency(row["agency"]).place[:6]
        code = work.staff.invite(row["role"], row["agency"], county, "", now + timedelta(hours=1), now)
    person = api.person(row["agency"])
    person.starts(code)
    person.gets("登记好了", PATIENCE)
    return person


def _interview(turns: Turns, stage: Stage, scene: Mapping[str, Any], mother: Person) -> None:
    """She answers whatever is asked, until she has her code."""
    titles = _titles(turns, scene)
    answered: set[int] = set()
    mother.writes(scene["writes"])
    for _ in range(LONGEST):
        question = _question(mother, titles, answered)
        if question is None:
            return
        answered.add(question.id)
        known = [title for title in question.titles if title in titles]
        if known:
            mother.presses(known[0])
        else:
            mother.writes(scene["answers"]["place"])
    stage.heading("…")
    raise RightdoorError("the demo's interview does not end")


def _question(mother: Person, titles: frozenset[str], answered: set[int]) -> Shown | None:
    """The newest question she can answer; None once she has her code."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        shown = [message for message in mother.sees() if message.from_bot]
        if any("您的编号" in message.text for message in shown):
            return None
        for message in reversed(shown):
            open_ = message.id not in answered and (set(message.titles) & titles or "从列表里选" in message.titles)
            if open_:
                return message
        time.sleep(0.05)
    raise RightdoorError("the demo expected a question")


def _titles(turns: Turns, scene: Mapping[str, Any]) -> frozenset[str]:
    """The titles of the buttons she presses."""
    services = turns.services
    questions = [fact.question for fact in services.policy.vocabulary.facts.values()]
    asked = [services.say(question, "zh") for question in questions]
    said = {button.title for reply in asked for button in reply.buttons if hers(button.payload, scene)}
    return frozenset(said | {scene["answers"]["consent"]})


def _chat(stage: Stage, who: str, person: Person) -> None:
    for message in person.sees():
        if message.from_bot:
            stage.bot(Reply(message.text, tuple(Button(title, "") for title in message.titles)))
        else:
            stage.person(who, message.text)
