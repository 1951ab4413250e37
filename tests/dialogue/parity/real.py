"""Rasa's side: its own Python runs record.py, one process for several projects; walks arrive as they are finished."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.workbench.against_rasa import rasa_home
from tests.dialogue.parity.entries import Entry
from tests.dialogue.parity.walks import Walk

RECORDER = Path(__file__).with_name("record.py")
# Actions that fail on purpose would fill Rasa's log.
QUIET = {**rasa_home.QUIET, "LOG_LEVEL": "CRITICAL"}
HOW_TO_MAKE = (
    "no Rasa in {home}: make it with rasa-oracle/setup.sh, or point RASA_HOME to a folder whose venv/ holds rasa 3.6.21"
)


class NoRasa(Exception):
    """There is no Rasa on this machine."""


def python() -> Path:
    """Rasa's own Python. Raises `NoRasa` saying how to make it."""
    home = Path(os.environ.get("RASA_HOME") or rasa_home.DEFAULT).expanduser()
    found = rasa_home.RasaHome(home).python
    if not found.exists():
        raise NoRasa(HOW_TO_MAKE.format(home=home))
    return found


def job(entry: Entry, walks: Sequence[Walk]) -> dict[str, Any]:
    """What the recorder needs to know of a project."""
    parts = {"domain": entry.domain, "data": entry.data, "config": entry.config, "actions": entry.actions}
    return {"name": entry.name, "walks": walks, **{key: str(path) if path else None for key, path in parts.items()}}


def recorded(jobs: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What Rasa wrote, line by line. Raises `NoRasa` where there is none, and `RuntimeError` when it died.

    What it complains of goes to a file: a pipe nobody empties would fill up with its progress bars, and hold it for ever.
    """
    interpreter = python()
    with (
        tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file,
        tempfile.TemporaryFile() as complaints,
    ):
        json.dump(jobs, file, ensure_ascii=False)
        file.flush()
        reading, writing = os.pipe()
        command = [str(interpreter), str(RECORDER), file.name, str(writing)]
        process = subprocess.Popen(
            command, pass_fds=[writing], env={**os.environ, **QUIET}, stdout=subprocess.DEVNULL, stderr=complaints
        )
        os.close(writing)
        try:
            with os.fdopen(reading, encoding="utf-8") as lines:
                yield from (json.loads(line) for line in lines)
        finally:
            process.terminate()
            process.wait()
        if process.returncode not in {0, -15}:
            complaints.seek(0)
            raise RuntimeError(complaints.read().decode(errors="replace")[-2000:])
