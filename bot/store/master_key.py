"""The master key: 32 bytes from RIGHTDOOR_MASTER_KEY (base64), else a file for its owner, made at the first run."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from bot.errors import SettingsError

VARIABLE = "RIGHTDOOR_MASTER_KEY"
LENGTH = 32


def master_key(home: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """The key. Raises `SettingsError` when it is not 32 bytes in base64."""
    if VARIABLE in environment:
        return _decoded(environment[VARIABLE], VARIABLE)
    file = home / "master.key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _decoded(file.read_text(encoding="ascii"), str(file))
    key = secrets.token_bytes(LENGTH)
    with os.fdopen(handle, "w", encoding="ascii") as writing:
        writing.write(base64.b64encode(key).decode() + "\n")
        writing.flush()
        os.fsync(writing.fileno())
    return key


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise SettingsError(f"{where} is not base64") from error
    if len(key) != LENGTH:
        raise SettingsError(f"{where} must hold {LENGTH} bytes in base64, not {len(key)}")
    return key
