"""Walks through a project: what is said, turn by turn. Read by the recorder (real Rasa) and by the comparison (ours) alike.

`says.yml` of a project lists `scripts`, each a conversation worth keeping, and `messages` from which walks are drawn.
"""

import json
import random
from pathlib import Path


def read_says(project):
    """The scripts and messages of a project folder. JSON, so that any Python reads it."""
    return json.loads((Path(project) / "says.json").read_text(encoding="utf-8"))


def walks(project, count, length=12):
    """Every script, then `count` random walks; the same ones every time."""
    says = read_says(project)
    lot = random.Random(f"{Path(project).name} {length}")
    return says["scripts"] + [[lot.choice(says["messages"]) for _ in range(length)] for _ in range(count)]
