"""`endpoints.yml`: where a project's action server is (rasa `utils/endpoints.py`, `EndpointConfig`).

    action_endpoint:
      url: http://localhost:5055/webhook
      token: ${ACTION_TOKEN}

Of everything else Rasa reads there, this engine needs nothing: it keeps conversations itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.files.node import Node
from bot.errors import ProjectFileError

KEYS = ("url", "params", "headers", "basic_auth", "token", "token_name", "cafile", "type", "protocol")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and what is sent along: query, headers, user and password, a file of certificates to trust."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    cafile: str | None = None


def read_endpoints(path: Path, shown: Path) -> Endpoint | None:
    """The action server a project names, None when it names none.

    Raises `ProjectFileError` with file and line for an unknown key, an address that is none, an unset `${VARIABLE}`.
    """
    node = Node.of_file(path, shown).child("action_endpoint")
    if node.value is None:
        return None
    node = node.only(KEYS)
    params = _words(node.child("params"))
    if node.has("token"):
        name = node.child("token_name").word() if node.has("token_name") else "token"
        params[name] = node.child("token").word()
    return Endpoint(
        url=_url(node),
        params=params,
        headers=_words(node.child("headers")),
        auth=_auth(node.child("basic_auth")),
        cafile=node.child("cafile").word() if node.has("cafile") else None,
    )


def checked_url(url: str) -> str:
    """An address of a web server. Raises `ProjectFileError` for what is none."""
    if not re.match(r"https?://[^/\s]+", url):
        raise ProjectFileError(f"an action server's address begins with http:// or https://, not {url!r}")
    return url


def _url(node: Node) -> str:
    try:
        return checked_url(node.child("url").word())
    except ProjectFileError as error:
        raise error if error.where else node.child("url").refuse(error.message) from error


def _words(node: Node) -> dict[str, str]:
    return {name: child.word() for name, child in node.pairs()}


def _auth(node: Node) -> tuple[str, str] | None:
    if node.value is None:
        return None
    node = node.only(("username", "password"))
    return node.child("username").word(), node.child("password").word()
