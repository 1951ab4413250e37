"""`endpoints.yml`: where a project's action server is (rasa `utils/endpoints.py`, `EndpointConfig`).

    action_endpoint:
      url: http://localhost:5055/webhook
      token: ${ACTION_TOKEN}

Of everything else Rasa reads there, this engine needs nothing: it keeps conversations itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.files.node import Node
from bot.errors import ProjectFileError

KEYS = ("url", "params", "headers", "basic_auth", "token", "token_name", "cafile", "type", "protocol")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and what is sent along: query, headers, user and password, a file of certificates to trust."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None
    cafile: str | None = None


def read_endpoints(path: Path, shown: Path, environment: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The action server a project names, None when it names none.

    Raises `ProjectFileError` with file and line for an unknown key, an address that is none, an unset `${VARIABLE}`.
    """
    node = Node.of_file(path, shown).child("action_endpoint")
    if node.value is None:
        return None
    node = node.only(KEYS)
    params = _words(node.child("params"), environment)
    if node.has("token"):
        name = _said(node.child("token_name"), environment) if node.has("token_name") else "token"
        params[name] = _said(node.child("token"), environment)
    return Endpoint(
        url=_url(node, environment),
        params=params,
        headers=_words(node.child("headers"), environment),
        auth=_auth(node.child("basic_auth"), environment),
        cafile=_said(node.child("cafile"), environment) if node.has("cafile") else None,
    )


def checked_url(url: str) -> str:
    """An address of a web server. Raises `ProjectFileError` for what is none."""
    if not re.match(r"https?://[^/\s]+", url):
        raise ProjectFileError(f"an action server's address begins with http:// or https://, not {url!r}")
    return url


def _url(node: Node, environment: Mapping[str, str]) -> str:
    try:
        return checked_url(_said(node.child("url"), environment))
    except ProjectFileError as error:
        raise error if error.where else node.child("url").refuse(error.message) from error


def _words(node: Node, environment: Mapping[str, str]) -> dict[str, str]:
    return {name: _said(child, environment) for name, child in node.pairs()}


def _auth(node: Node, environment: Mapping[str, str]) -> tuple[str, str] | None:
    if node.value is None:
        return None
    node = node.only(("username", "password"))
    return _said(node.child("username"), environment), _said(node.child("password"), environment)


def _said(node: Node, environment: Mapping[str, str]) -> str:
    """A word with the environment's values filled in."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in environment:
            raise node.refuse(f"the environment has no {found[1]}")
        return environment[found[1]]

    return VARIABLE.sub(value, node.word())
