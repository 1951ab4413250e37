"""`rightdoor run --project DIR`: Rasa's HTTP API for any project, until interrupted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from rich.console import Console

from bot.errors import InputError
from bot.rasa.conversations import Conversations
from bot.rasa.host import Host
from bot.rasa.journal import Journal
from bot.rasa.server import application

DATABASE = Path(".rightdoor") / "conversations.db"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, which token to ask for (none when empty), and the file the conversations are kept in."""

    host: str
    port: int
    token: str
    database: Path


def serve_project(host: Host, address: Address, out: Console) -> None:
    """Serves; ready when the address is printed. Raises `InputError` when it cannot listen there."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    _folder_of(address.database)
    conversations = Conversations(Journal(address.database), host.turn)

    def ready() -> None:
        url = f"http://{address.host}:{address.port}/webhooks/rest/webhook"
        out.print(f"[bold]{host.name}[/bold]  {url}  actions {host.where}", highlight=False, soft_wrap=True)

    app = application(host, conversations, token=address.token)
    config = uvicorn.Config(app, host=address.host, port=address.port, log_level="critical", access_log=False)
    server = _Server(config)
    server.ready = ready
    try:
        server.run()
    except SystemExit as error:
        raise InputError(f"cannot listen on {address.host}:{address.port}") from error


class _Server(uvicorn.Server):
    """Says when it listens, not before."""

    ready = staticmethod(lambda: None)

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self.ready()


def _folder_of(database: Path) -> None:
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{database.parent} cannot be made: {error.strerror}") from error
