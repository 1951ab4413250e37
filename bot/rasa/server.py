"""Rasa's HTTP API for any project (rasa `server.py`): a client of a Rasa server needs to change nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.dialogue.acting.remote import VERSION
from bot.errors import ConflictError, StoreUnavailableError
from bot.rasa.conversations import Conversations
from bot.rasa.host import Host
from bot.rasa.rest import rest_routes
from bot.rasa.tracker_routes import TrackerRoutes
from bot.rasa.web import BODY_AT_MOST, Handler, Refusal, answer, guarded, object_body, refused, word


def application(
    host: Host, conversations: Conversations, *, token: str = "", ready: Callable[[], None] = lambda: None
) -> Starlette:
    """The web application. It closes the conversations when it ends; `ready` is called when it serves."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        ready()
        yield
        conversations.close()

    guard = guarded(token)
    return Starlette(
        routes=[
            *rest_routes(conversations),
            *_about(host, guard),
            *TrackerRoutes(host, conversations).routes(guard),
        ],
        lifespan=lifespan,
        exception_handlers={
            Refusal: refused,
            HTTPException: _http,
            StoreUnavailableError: _not_now,
            ConflictError: _not_now,
            Exception: refused,
        },
    )


def _about(host: Host, guard: Callable[[Handler], Handler]) -> Sequence[BaseRoute]:
    """The routes that are about the project, not about one conversation."""

    async def root(_: Request) -> Response:
        return PlainTextResponse(f"Hello from Rightdoor: the API of Rasa {VERSION}")

    async def version(_: Request) -> Response:
        return answer({"version": VERSION, "minimum_compatible_version": VERSION})

    async def status(_: Request) -> Response:
        return answer({"model_file": host.name, "model_id": host.id, "num_active_training_jobs": 0})

    async def domain(request: Request) -> Response:
        plain, accepts = host.project.domain.plain, request.headers.get("accept", "application/json")
        if accepts.endswith(("yml", "yaml")):
            return Response(_yaml(plain), media_type="application/x-yaml")
        if not accepts.endswith("json") and "*/*" not in accepts:
            raise Refusal(406, "NotAcceptable", "Invalid Accept header: application/json or application/x-yaml")
        return answer(plain)

    async def parse(request: Request) -> Response:
        text = word(await object_body(request), "text", longest=BODY_AT_MOST)
        return answer((await run_in_threadpool(host.assistant.parse, text)).data())

    return [
        Route("/", root, methods=["GET"]),
        Route("/version", version, methods=["GET"]),
        Route("/status", guard(status), methods=["GET"]),
        Route("/domain", guard(domain), methods=["GET"]),
        Route("/model/parse", guard(parse), methods=["POST"]),
    ]


def _yaml(plain: dict[str, Any]) -> str:
    written = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode = False, True
    yaml.dump(json.loads(json.dumps(plain)), written)
    return written.getvalue()


def _http(request: Request, error: Exception) -> Response:
    """No such route, or not with this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refused(request, Refusal(status, HTTPStatus(status).phrase, str(error)))


def _not_now(request: Request, error: Exception) -> Response:
    """The turn did not happen; it may be sent again."""
    return refused(request, Refusal(503, "NotNow", str(error)))
