"""The master key: 32 bytes from RIGHTDOOR_MASTER_KEY (base64), else a file for its owner, made at the first run."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.errors import SettingsError

VARIABLE = "RIGHTDOOR_MASTER_KEY"
LENGTH = 32


def master_key(home: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """The key. Raises `SettingsError` when it is not 32 bytes in base64."""
    if VARIABLE in environment:
        return _decoded(environment[VARIABLE], VARIABLE)
    file = home / "master.key"
    if not file.exists():
        _make(file)
    return _decoded(file.read_text(encoding="ascii"), str(file))


def _make(file: Path) -> None:
    """A fresh key, there whole or not at all; when several services start together the first one's counts."""
    handle, draft = tempfile.mkstemp(dir=file.parent)  # readable by its owner only
    with os.fdopen(handle, "w", encoding="ascii") as writing:
        writing.write(base64.b64encode(secrets.token_bytes(LENGTH)).decode() + "\n")
        writing.flush()
        os.fsync(writing.fileno())
    with suppress(FileExistsError):
        os.link(draft, file)
    Path(draft).unlink()


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise SettingsError(f"{where} is not base64") from error
    if len(key) != LENGTH:
        raise SettingsError(f"{where} must hold {LENGTH} bytes in base64, not {len(key)}")
    return key
