"""Where the real Rasa is: an environment of its own with a project and its model beside it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import InputError, RightdoorError
from bot.workbench.against_rasa.scripts import Script

DEFAULT = "~/.cache/rightdoor-rasa"
# What keeps Rasa quiet and off the network.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "CUDA_VISIBLE_DEVICES": "-1",
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SANIC_HOST": "127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class RasaHome:
    """`folder/venv` is the environment, `folder/bot` the project, trained."""

    folder: Path

    @classmethod
    def find(cls) -> RasaHome:
        """The environment named by RASA_HOME, or the usual place. Raises `InputError` saying how to make one."""
        folder = Path(os.environ.get("RASA_HOME", DEFAULT)).expanduser()
        home = cls(folder)
        missing = next(
            (path for path in (home.python, home.model, home.project / "domain.yml") if not path.exists()), None
        )
        if missing:
            raise InputError(
                f"{missing} is not there: the comparison needs rasa 3.6.21 in {folder}/venv (pip install rasa==3.6.21 in "
                f"a Python 3.10) and its project, trained, in {folder}/bot; RASA_HOME names another place"
            )
        return home

    @property
    def python(self) -> Path:
        """Rasa's interpreter."""
        return self.folder / "venv" / "bin" / "python"

    @property
    def project(self) -> Path:
        """The project both engines run."""
        return self.folder / "bot"

    @property
    def model(self) -> Path:
        """What Rasa trained of it."""
        return self.project / "models" / "bot.tar.gz"

    @property
    def environment(self) -> dict[str, str]:
        """Variables for Rasa's processes; nothing of our own Python's leaks in."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        return ours | QUIET | {"PYTHONPATH": str(self.project)}


class RasaInProcess:
    """Rasa as a library, in its own process; the conversations are timed there."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def turns_per_second(self, script: Script, conversations: int, *, checked: bool) -> float:
        """How many turns it took in a second. Raises `RightdoorError` when it answered something else than expected."""
        asked = {"messages": script.messages, "conversations": conversations, "checked": checked}
        self._write(asked)
        found = self.read()
        if found["last"] != script.last:
            raise RightdoorError(f"rasa answered {found['last']!r} instead of {script.last!r}")
        return float(found["turns"] / found["seconds"])

    def _write(self, asked: dict[str, Any]) -> None:
        if self._process.stdin is None:
            raise RightdoorError("rasa's process takes no input")
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """The next answer. Raises `RightdoorError` when the process has ended."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RightdoorError("rasa ended; run it by hand to see why")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def rasa_in_process(home: RasaHome) -> Iterator[RasaInProcess]:
    """Starts it (about twenty seconds) and ends it."""
    command = [str(home.python), "-W", "ignore", str(Path(__file__).with_name("rasa_side.py")), str(home.model)]
    process = subprocess.Popen(  # noqa: S603 – Rasa's own interpreter and our own file
        command,
        cwd=home.project,
        env=home.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        rasa = RasaInProcess(process)
        rasa.read()
        yield rasa
    finally:
        process.kill()
        process.communicate()
