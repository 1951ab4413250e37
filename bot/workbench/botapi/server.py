"""The Bot API over HTTP on loopback, as strict as Telegram, with people to play."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.workbench.botapi.calls import Call, Params, raw_params, read_call
from bot.workbench.botapi.limits import Limits
from bot.workbench.botapi.methods import METHODS, get_updates
from bot.workbench.botapi.people import Group, Person
from bot.workbench.botapi.refusals import NOT_FOUND, UNAUTHORIZED, RefusedError, planned
from bot.workbench.botapi.spec import bot_api
from bot.workbench.botapi.world import World

TOKEN = "7000000001:AAEnotASecretOnlyForLoopbackTests12"  # noqa: S105 – opens nothing but this server
TOKEN_SHAPE = re.compile(r"\d+:[\w-]{30,}")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A refusal planned for the next call of a method, or the next one about a chat; `taking_effect` if only the answer is lost."""

    method: str
    refusal: RefusedError
    taking_effect: bool
    chat: int | None = None

    def meets(self, method: str, params: Params) -> bool:
        """Whether a call is the one it was planned for."""
        return self.method == method and self.chat in {None, params.get("chat_id")}


class BotApi:
    """A Bot API server of our own. Use it as a context manager; it serves on `url` in a thread of its own.

        with BotApi() as telegram:
            mother = telegram.person("李梅")
            mother.writes("你好")
            mother.gets("110")

    `clock` gives Unix seconds; tests of old messages move it. With `limits` too fast a bot is told 429.
    """

    def __init__(
        self, token: str = TOKEN, clock: Callable[[], float] = time.time, limits: Limits | None = None
    ) -> None:
        self.token = token
        self.limits = limits
        self.world = World(clock)
        self._calls: list[Call] = []
        self._troubles: deque[Trouble] = deque()
        self._port = 0
        self._running: tuple[uvicorn.Server, threading.Thread] | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:port`, to be given to the bot as the Bot API's address."""
        return f"http://127.0.0.1:{self._port}"

    def person(self, name: str, language: str = "zh-hans") -> Person:
        """Somebody with a phone who has not written yet."""
        return Person(self.world, name, language)

    def group(self, title: str, added_by: Person) -> Group:
        """A group to which somebody has just added the bot."""
        return Group(self.world, title, added_by.user)

    def delivers(self, kind: str, body: dict[str, Any]) -> int:
        """Any update of the specification; gives its id."""
        return self.world.updates.add(kind, body)

    def redeliver(self, update_id: int) -> None:
        """The same update once more."""
        self.world.updates.again(update_id)

    def confirmed(self, update_id: int, within: float = 10.0) -> bool:
        """Waits until the bot confirmed an update; whether it did."""
        return self.world.updates.wait_until_confirmed(update_id, within)

    def next_call_fails(
        self,
        method: str,
        status: int,
        *,
        to: Person | None = None,
        retry_after: int | None = None,
        times: int = 1,
        taking_effect: bool = False,
    ) -> None:
        """The next `times` calls of a method, or those to somebody, are refused; `retry_after` (seconds) goes with 429."""
        chat = to.chat.id if to else None
        self._troubles.extend([Trouble(method, planned(status, retry_after), taking_effect, chat)] * times)

    def transcript(self, method: str | None = None) -> tuple[Call, ...]:
        """Every call ever made with the right token, or those of one method, oldest first."""
        return tuple(call for call in self._calls if method in {None, call.method})

    def sent_to(self, person: Person) -> tuple[str, ...]:
        """The text of every message sent to somebody, deleted ones included: for counting duplicates."""
        sent = (call.answer["result"] for call in self.transcript("sendMessage") if "result" in call.answer)
        return tuple(message["text"] for message in sent if message["chat"]["id"] == person.chat.id)

    def __enter__(self) -> Self:
        """Starts serving."""
        self.comes_up()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stops serving."""
        self.goes_down()
        self.world.stop_webhook()

    def comes_up(self) -> None:
        """Serves, on the same port as before if there was one."""
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self.world.updates.open()
        app = Starlette(routes=[Route("/bot{token}/{method}", self._serve, methods=["GET", "POST"])])
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name="botapi", daemon=True)
        thread.start()
        self._running = server, thread

    def goes_down(self) -> None:
        """The network is gone; what happened is remembered."""
        if self._running:
            server, thread = self._running
            self.world.updates.close()
            server.should_exit = True
            thread.join()
            self._running = None

    async def _serve(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        try:
            if token != self.token:
                raise UNAUTHORIZED if TOKEN_SHAPE.fullmatch(token) else NOT_FOUND
            raw = await raw_params(request)
            return await run_in_threadpool(self._answer, method, raw)
        except RefusedError as refusal:
            return JSONResponse(refusal.to_json(), refusal.code)

    def _answer(self, method: str, raw: Params) -> Response:
        params = raw
        lost: RefusedError | None = None
        try:
            method, params = read_call(method, raw)
            lost = self._trouble(method, params)
            answer: dict[str, Any] = {"ok": True, "result": self._do(method, params)}
            status = 200
        except RefusedError as refusal:
            answer, status = refusal.to_json(), refusal.code
        self._calls.append(Call(self.world.clock(), method, params, status, answer))
        return JSONResponse(lost.to_json(), lost.code) if lost else JSONResponse(answer, status)

    def _trouble(self, method: str, params: Params) -> RefusedError | None:
        """The trouble planned for this call: raised, or given back when the call is to take effect."""
        planned_for_it = [trouble for trouble in self._troubles if trouble.meets(method, params)]
        if not planned_for_it:
            return None
        trouble = planned_for_it[0]
        self._troubles.remove(trouble)
        if not trouble.taking_effect:
            raise trouble.refusal
        return trouble.refusal

    def _do(self, method: str, params: Params) -> object:
        """The result, which is held to the specification like the call; updates were when they happened."""
        if method == "getUpdates":
            return get_updates(self.world, params)
        with self.world.lock:
            if self.limits and method == "sendMessage":
                self.limits.admit(str(params["chat_id"]), self.world.clock())
            result = METHODS[method](self.world, params)
            bot_api().check(result, bot_api().methods[method].returns, "result")
            return dict(result) if isinstance(result, dict) else result
