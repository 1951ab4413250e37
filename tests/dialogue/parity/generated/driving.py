"""Real Rasa as a process that is given one case after another, and our engine beside it."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.dialogue.parity.generated import our_side
from tests.dialogue.parity.generated.compare import difference
from tests.dialogue.parity.generated.draw import draw
from tests.dialogue.parity.real import QUIET, python

SIDE = Path(__file__).with_name("rasa_side.py")
# Every so many cases go through `rasa.train` itself, the others through its parts: the same, and ten times as quick.
IN_FULL = 20
Case = dict[str, Any]


class RealRasa:
    """Plays cases in Rasa's own Python. Raises `NoRasa` where there is none."""

    def __init__(self) -> None:
        self._command = [str(python()), str(SIDE)]
        self._begin()

    def _begin(self) -> None:
        environment = {**os.environ, **QUIET}
        environment.pop("PYTHONPATH", None)
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert self._read() == "ready"

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def play(self, case: Case) -> dict[str, Any] | None:
        """What happened; None when Rasa went round in circles, and had to be started anew."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(case) + "\n")
            self._process.stdin.flush()
            return dict(self._read())
        except (ValueError, BrokenPipeError):
            self.close()
            self._begin()
            return None

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()


@dataclass
class Tally:
    """What came of the cases: how many, and where the engines parted, by seed."""

    counts: Counter[str] = field(default_factory=Counter)
    parted: dict[int, str] = field(default_factory=dict)


def compare(rasa: RealRasa, seeds: range, tally: Tally) -> Iterator[int]:
    """Plays and counts one case after another; each seed when it is done."""
    for seed in seeds:
        case = draw(seed) | {"quick": seed % IN_FULL != 0}
        found = rasa.play(case)
        _count(tally, seed, found, parting(found, case))
        yield seed


def parting(found: dict[str, Any] | None, case: Case) -> str | None:
    """Where our engine parts from what Rasa was `found` to do."""
    return None if found is None else difference(found, our_side.play(case))


def _count(tally: Tally, seed: int, found: dict[str, Any] | None, parted: str | None) -> None:
    tally.counts["projects"] += 1
    if found is None:
        tally.counts["endless in Rasa"] += 1
        return
    tally.counts["refused by both"] += "refused" in found and parted is None
    tally.counts["walks"] += len(found.get("walks", ()))
    tally.counts["turns"] += sum(map(len, found.get("walks", ())))
    if parted:
        tally.parted[seed] = parted
