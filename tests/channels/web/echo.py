"""A turn without policy for the channels' own tests, behind the same two callables, served by a real uvicorn."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.channels.rest import rest_router
from bot.channels.web import chat_router
from bot.errors import StoreUnavailableError
from bot.messages import Channel, Content, Incoming, Location, Press, Text
from bot.replies import Button, Reply
from tests.channels.served import served

WORDS = Path(__file__).parents[3] / "data" / "web_chat.yml"
CARD = "先保证安全，请马上打：\n110（报警）\n120（有人受伤或想不开）\n12110（不方便说话，发短信）\n电话要由您来打。"
SCREEN = Reply(
    "现在孩子或您有危险吗？",
    (
        Button("有人受伤或正在被打", "/answer{danger}"),
        Button("孩子没人看", "/answer{alone}"),
        Button("都没有", "/answer{none}"),
    ),
)
PLACE = Reply("孩子现在在哪个县？", (Button("不想说", "/answer{refused}"),), ask_location=True)
SCRIPT: dict[Content, tuple[Reply, ...]] = {
    Press("/greet"): (Reply("您好，这里是未成年人求助引导服务。"), SCREEN),
    Press("/hide"): (Reply("好。", hides=True),),
    Text("隐藏"): (Reply("好。", hides=True),),
    Text("哪里"): (PLACE,),
    Text("危险"): (Reply(CARD), SCREEN),
}


@dataclass(frozen=True)
class Taken:
    replies: tuple[Reply, ...]
    last: int


@dataclass
class Echo:
    """Answers by what was said; remembers like the store does, so that a message seen before changes nothing."""

    took: list[Incoming] = field(default_factory=list)
    said: dict[str, list[tuple[int, Reply]]] = field(default_factory=dict)
    gone: bool = False
    seen: dict[str, Taken] = field(default_factory=dict)
    number: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, incoming: Incoming) -> Taken:
        if self.gone:
            raise StoreUnavailableError("the database is gone")
        with self.lock:
            if incoming.id not in self.seen:
                self.took.append(incoming)
                replies = answer(incoming.content)
                for reply in replies:
                    self.say(incoming.chat, reply)
                self.seen[incoming.id] = Taken(replies, self.number)
            return self.seen[incoming.id]

    def say(self, chat: str, reply: Reply) -> None:
        self.number += 1
        self.said.setdefault(chat, []).append((self.number, reply))

    def after(self, channel: Channel, chat: str, number: int) -> list[tuple[int, Reply]]:
        if self.gone:
            raise StoreUnavailableError("the database is gone")
        return [(n, reply) for n, reply in self.said.get(chat, []) if n > number] if channel is Channel.WEB else []


def answer(content: Content) -> tuple[Reply, ...]:
    """What the script holds, else what was said, said back."""
    match content:
        case _ if content in SCRIPT:
            return SCRIPT[content]
        case Text(text=text):
            return (Reply(f"收到：{text}" if len(text) < 100 else f"收到 {len(text)} 个字。"),)
        case Press(payload=payload):
            return (Reply(f"选了 {payload}"),)
        case Location(latitude=latitude, longitude=longitude):
            return (Reply(f"收到位置 {latitude} {longitude}"),)
    raise AssertionError(content)


@contextlib.contextmanager
def serving(echo: Echo, port: int = 0) -> Iterator[str]:
    """The channels over `echo` on loopback; gives the address."""
    with served(chat_router(echo.take, echo.after, WORDS), rest_router(echo.take), port=port) as address:
        yield address
