"""The whole service on both engines, turn by turn: golden dialogues, the seed story from both sides, people who tap at random.

`engine: {rasa: …}` is a real Rasa server with a real action server; the other engine is ours. What families are told, the
buttons, the decision and the referrals must be the same; receipts and numbers of parts are masked, the clock is moved by hand.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from ruamel.yaml import YAML

from bot.app import build
from bot.messages import Channel, Content, Incoming, Press, Text
from bot.settings import EngineSettings, Settings
from bot.store import Store
from bot.turns import Turns
from bot.workbench.demo import play
from tests.conftest import KEY
from tests.dialogue.parity.own import ROOT
from tests.dialogue.parity.serving import rasa_server
from tests.dialogues.test_dialogues import HERE as DIALOGUES
from tests.dialogues.test_dialogues import RECEIPT, Clock, shown, state, transcript
from tests.story.house import Clock as Still

PART = re.compile(r"(?<=^\d\d:\d\d:\d\d  )\w{4}", re.MULTILINE)
LENGTH = 12
WORDS = (
    "你好", "为什么问这个", "人工", "我要查进度", "谢谢", "help", "重新开始", "抚养权归谁", "你是机器人吗", "随便说点什么吧",
    "我25岁，和老公要离婚，女儿五岁，我们俩都不想要她", "他爸爸天天家暴打孩子", "邻居家五岁的孩子现在一个人在家，没人管",
    "江苏扬中新坝镇", "扬中", "我不想活了", "My husband left us, the child is six", "1", "不", "删除我的信息",
)  # fmt: skip


@dataclass
class Compared:
    """What came of it."""

    turns: int = 0
    equal: int = 0
    differing: list[str] = field(default_factory=list)

    def take(self, name: str, ours: list[str], rasa: list[str]) -> None:
        """Turns of one conversation, up to the first that differs."""
        for number, (one, other) in enumerate(zip(ours, rasa, strict=False)):
            self.turns += 1
            if one != other:
                self.differing.append(f"{name}, turn {number + 1}\nours:\n{one}\nrasa:\n{other}")
                return
            self.equal += 1
        if len(ours) != len(rasa):
            self.differing.append(f"{name}: {len(ours)} turns by ours, {len(rasa)} by Rasa")


def compare(walks: int, seed: str, progress: Progress) -> Compared:
    """Plays everything on both engines. Raises `NoRasa` where there is none."""
    found, names = Compared(), _names(walks)
    bar = progress.add_task("the service on a Rasa server (it is trained first)", total=len(names))
    with rasa_server() as url, tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        engines = (EngineSettings(), EngineSettings(rasa=url, patience=60))
        both = [build(Settings(home=f"{home}/{number}", engine=engine)) for number, engine in enumerate(engines)]
        for turns in both:
            stack.callback(turns.close)
        for name in names:
            found.take(
                name, *(_played(turns, Path(home) / f"{n} {name}.db", name, seed) for n, turns in enumerate(both))
            )
            progress.advance(bar)
    return found


def _names(walks: int) -> list[str]:
    return [*(path.stem for path in sorted(DIALOGUES.glob("*.yml"))), "demo", *(f"walk {n}" for n in range(walks))]


def _played(turns: Turns, database: Path, name: str, seed: str) -> list[str]:
    """One conversation on a database of its own, turn by turn."""
    store = Store.open(f"sqlite:///{database}", master_key=KEY)
    try:
        return _conversation(Turns(replace(turns.services, store=store)), name, seed)
    finally:
        store.close()


def _conversation(turns: Turns, name: str, seed: str) -> list[str]:
    if name == "demo":
        return _demo(turns)
    clock = Clock()
    turns.services = replace(turns.services, clock=clock)
    if name.startswith("walk "):
        return list(_walk(turns, clock, random.Random(f"{name} {seed}")))
    script = YAML(typ="safe", pure=True).load((DIALOGUES / f"{name}.yml").read_text(encoding="utf-8"))
    return "\n".join(transcript(turns, clock, script)).split("\n> ")


def _demo(turns: Turns) -> list[str]:
    """`rightdoor demo`: the mother, the agencies, what was decided and what happened to the referral."""
    turns.services = replace(turns.services, clock=Still())
    out = StringIO()
    play(turns, ROOT / "data" / "demo.yml", Console(file=out, width=100))
    return PART.sub("####", RECEIPT.sub("####", out.getvalue())).split("▸")


def _walk(turns: Turns, clock: Clock, lot: random.Random) -> Iterator[str]:
    """Somebody who taps what is offered, or writes."""
    offered: list[str] = ["/greet"]
    for number in range(LENGTH):
        taps = lot.random() < 0.75
        said = lot.choice(offered) if taps and offered else lot.choice(WORDS)
        content: Content = Press(said) if said.startswith("/") else Text(said)
        result = turns.take(Incoming(Channel.WEB, "somebody", f"m{number}", clock(), content, lot.choice(["zh", "en"])))
        offered = [button.payload for reply in result.replies for button in reply.buttons]
        told = "\n".join(line for reply in result.replies for line in shown(reply))
        yield f"{said}\n{told}\n{offered}\n{state(result.state)}"
