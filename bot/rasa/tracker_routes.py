"""Rasa's HTTP API about single conversations: look at one, let events happen, run an action, trigger an intent."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.dialogue import Outcome, Parsed
from bot.dialogue.memory.events import KNOWN
from bot.errors import ProjectFileError
from bot.rasa.conversations import Change, Conversations
from bot.rasa.host import Host
from bot.rasa.rest_form import rest_messages
from bot.rasa.tracker_form import SHOWN, latest_channel, tracker_form
from bot.rasa.web import Handler, Refusal, answer, json_body, object_body

AFTER_RESTART = "AFTER_RESTART"
CHANNEL = "collector"


class TrackerRoutes:
    """The routes below `/conversations/{id}/`."""

    def __init__(self, host: Host, conversations: Conversations) -> None:
        self._host, self._conversations = host, conversations

    def routes(self, guard: Any) -> list[Route]:  # noqa: ANN401 – `guarded`'s wrapper
        """All of them, behind the guard."""
        table: list[tuple[str, str, Handler]] = [
            ("tracker", "GET", self.tracker),
            ("tracker/events", "POST", self.append),
            ("execute", "POST", self.execute),
            ("trigger_intent", "POST", self.trigger),
        ]
        base = "/conversations/{id:path}/"
        return [Route(base + path, guard(handler), methods=[method]) for path, method, handler in table]

    async def tracker(self, request: Request) -> Response:
        """Where a conversation stands; one that has not begun is shown as it would begin."""
        sender, shown = request.path_params["id"], _shown(request)
        return answer(await run_in_threadpool(self._form, sender, shown))

    async def append(self, request: Request) -> Response:
        """Lets events happen: one, or a list."""
        shown, body = _shown(request), await json_body(request)
        events = body if isinstance(body, list) else [body]
        for event in events:
            if not isinstance(event, dict) or event.get("event") not in KNOWN:
                raise Refusal(400, "BadRequest", f"the body is not one of Rasa's events, or a list of them: {event!r}")
        _, form = await self._changed(request, shown, lambda sender, before: self._happen(sender, before, events))
        return answer(form)

    async def execute(self, request: Request) -> Response:
        """Runs one action."""
        shown, name = _shown(request), _name(await object_body(request), "action")
        await self._must_exist(request.path_params["id"])

        def run(sender: str, before: dict[str, Any] | None) -> Outcome:
            return self._host.assistant.execute(before, name, sender=sender, channel=CHANNEL)

        return answer(_with_messages(await self._changed(request, shown, run)))

    async def trigger(self, request: Request) -> Response:
        """A turn for an intent that nobody wrote."""
        shown, body = _shown(request), await object_body(request)
        name, entities = _name(body, "intent"), body.get("entities") or {}
        if name not in self._host.assistant.intents:
            raise Refusal(404, "NotFound", f"The intent {name} does not exist in the domain.")
        message = Parsed(f"EXTERNAL: {name}", name, 1.0, _entities(entities), ((name, 1.0),))
        about = {"message_id": None, "metadata": {"is_external": True}}

        def run(sender: str, before: dict[str, Any] | None) -> Outcome:
            channel = latest_channel(self._conversations.journal.events(sender)) or CHANNEL
            return self._host.assistant.handle(before, message, {}, sender=sender, channel=channel, about=about)

        return answer(_with_messages(await self._changed(request, shown, run)))

    def _happen(self, sender: str, before: dict[str, Any] | None, events: list[dict[str, Any]]) -> Outcome:
        return self._host.assistant.happen(before, events, sender=sender, channel=CHANNEL)

    async def _changed(self, request: Request, shown: str, run: Any) -> tuple[Outcome, dict[str, Any]]:  # noqa: ANN401
        sender = request.path_params["id"]
        change: Change = partial(run, sender)
        try:
            outcome = await self._conversations.change(sender, change)
        except ProjectFileError as error:
            raise Refusal.in_body("name", str(error)) from error
        except (KeyError, TypeError, ValueError) as error:
            raise Refusal(400, "BadRequest", f"an event lacks something or holds what it cannot: {error}") from error
        return outcome, await run_in_threadpool(self._form, sender, shown)

    async def _must_exist(self, sender: str) -> None:
        if (await run_in_threadpool(self._conversations.journal.standing, sender)).snapshot is None:
            raise Refusal(404, "Not found", "Conversation ID not found.")

    def _form(self, sender: str, shown: str) -> dict[str, Any]:
        standing = self._conversations.journal.standing(sender)
        if standing.snapshot is None:
            begun = self._happen(sender, None, [])
            return tracker_form(sender, begun.snapshot, begun.events, shown)
        return tracker_form(sender, standing.snapshot, self._conversations.journal.events(sender), shown)


def _shown(request: Request) -> str:
    wanted = request.query_params.get("include_events", AFTER_RESTART).upper()
    if wanted not in SHOWN:
        message = f"Invalid parameter value for 'include_events'. Should be one of {', '.join(SHOWN)}"
        raise Refusal(400, "BadRequest", message, {"parameter": "include_events", "in": "query"})
    return wanted


def _name(body: dict[str, Any], what: str) -> str:
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise Refusal.in_body("name", f"Name of the {what} not provided in request body.")
    return name


def _entities(given: Any) -> tuple[dict[str, Any], ...]:  # noqa: ANN401 – as it came
    """`{"county": "泸溪县"}`, or a list of entities in Rasa's form."""
    if isinstance(given, dict):
        return tuple({"entity": name, "value": value} for name, value in given.items())
    if isinstance(given, list) and all(isinstance(one, dict) and {"entity", "value"} <= set(one) for one in given):
        return tuple(given)
    raise Refusal.in_body("entities", "`entities` must be an object, or a list of {entity, value}")


def _with_messages(changed: tuple[Outcome, dict[str, Any]]) -> dict[str, Any]:
    outcome, form = changed
    return {"tracker": form, "messages": rest_messages(form["sender_id"], outcome.replies)}
