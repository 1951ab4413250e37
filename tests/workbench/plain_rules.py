"""Rule bases as plain dictionaries: read from a folder, changed in a test, written to another folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

SINCE = "2026-11-01"
ALWAYS = ["unknown", "refused"]
BOTH = {"zh": "试行", "en": "on trial"}
SERVICES = ("police", "village_worker", "county_centre", "school", "mediation", "operator")
WORDS = {
    "services": dict.fromkeys(SERVICES, BOTH),
    "audiences": dict.fromkeys(("couple", "child", "caller", "family"), BOTH),
    "first_actions": dict.fromkeys(("listen", "go", "visit"), BOTH),
    "follow_ups": {word: {**BOTH, "every": {"visit": "7d"}, "for": "28d"} for word in ("monthly", "weekly")},
    "nevers": {"tell_guardian": BOTH},
    "default": {"for": "caller", "first_action": "listen"},
}
LAW = {"民法典": {"title": "民法典", "en": "Civil Code", "articles": {"26": {**BOTH, "verified": "true"}}}}
STEPS = dict(zip(("none", "low", "medium", "high", "emergency"), ("3d", "1d", "4h", "30m", "5m"), strict=True))
TIMES = {
    **dict.fromkeys(
        ("acknowledge", "contact", "review", "remind", "await_family", "follow_up_late", "family_answers"), STEPS
    ),
    "record_call": "5m",
    "silence": "10m",
}
OURS = ("facts.yml", "vocabulary.yml", "legal_basis.yml", "deadlines.yml", "safeguards.yml")


@dataclass
class Plain:
    """The files of one rule base; `facts` and `rows` as their authors wrote them, every word a string."""

    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    rows: list[dict[str, Any]] = field(default_factory=list)
    safeguards: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, Any] = field(default_factory=lambda: deepcopy(WORDS))
    law: dict[str, Any] = field(default_factory=lambda: deepcopy(LAW))
    times: dict[str, Any] = field(default_factory=lambda: deepcopy(TIMES))
    others: dict[str, str] = field(default_factory=dict[str, str])  # what else the folder holds, as it stands

    def fact(self, name: str, about: Any = "family", values: Any = ("no", "yes"), **more: Any) -> Plain:
        """One fact more; every fact can be unknown or refused."""
        values = [*values, *(value for value in ALWAYS if value not in values)]
        self.facts[name] = {"about": about, "values": values, "question": f"utter_ask_{name}", **more}
        return self

    def row(self, name: str, when: Any, risk: str = "low", parts: Any = None, **more: Any) -> Plain:
        """One row more; `parts` is one part or a list, by default the village worker's visit to the child."""
        then = {key: more.pop(key) for key in ("follow_up", "never") if key in more}
        parts = part() if parts is None else parts
        parts = parts if isinstance(parts, list) else [parts]
        outcome = {"risk": risk, "parts": parts, **then}
        row: dict[str, Any] = {"id": name, "title": BOTH, "when": when, "then": outcome}
        self.rows.append({**row, "basis": ["民法典#26"], "because": BOTH, "valid_from": SINCE, **more})
        return self

    def guard(self, name: str, **says: Any) -> Plain:
        """One safeguard more."""
        self.safeguards.append({"id": name, "says": BOTH, **says})
        return self

    def write(self, folder: Path) -> Path:
        """The folder of the rule base; every word is quoted, one fact or row a line."""
        (folder / "situations").mkdir(parents=True)
        for name, text in self.others.items():
            (folder / name).write_text(text, encoding="utf-8")
        tables = {"facts": self.facts, "vocabulary": self.words, "legal_basis": self.law, "deadlines": self.times}
        for name, table in tables.items():
            (folder / f"{name}.yml").write_text(_lines(table), encoding="utf-8")
        rows = "\n".join([f"valid_from: {SINCE}", "situations:", *(f"  - {_json(row)}" for row in self.rows)])
        (folder / "situations" / "all.yml").write_text(rows, encoding="utf-8")
        if self.safeguards:
            guards = "\n".join(["safeguards:", *(f"  - {_json(one)}" for one in self.safeguards)])
            (folder / "safeguards.yml").write_text(guards, encoding="utf-8")
        return folder

    @classmethod
    def read(cls, folder: Path) -> Plain:
        """The rule base of a folder."""
        rows: list[dict[str, Any]] = []
        for path in sorted((folder / "situations").glob("*.yml")):
            if not path.name.endswith(".cases.yml"):
                table = plain_yaml(path)
                rows += [{"valid_from": table["valid_from"], **row} for row in table["situations"]]
        guards = folder / "safeguards.yml"
        others = [path for path in folder.glob("*.yml") if path.name not in OURS]
        return cls(
            facts=plain_yaml(folder / "facts.yml"),
            rows=rows,
            safeguards=plain_yaml(guards)["safeguards"] if guards.exists() else [],
            words=plain_yaml(folder / "vocabulary.yml"),
            law=plain_yaml(folder / "legal_basis.yml"),
            times=plain_yaml(folder / "deadlines.yml"),
            others={path.name: path.read_text(encoding="utf-8") for path in others},
        )


def part(whom: str = "child", lead: str = "village_worker", action: str = "visit", **more: Any) -> dict[str, Any]:
    """A part of a row."""
    return {"for": whom, "lead": lead, "first_action": action, **more}


def yes_no(**more: Any) -> dict[str, Any]:
    """What an ordinary danger declares."""
    return {"worse": [["no", "unknown", "yes"], ["no", "refused", "yes"]], **more}


def plain_yaml(path: Path) -> Any:
    """A file with every word as a string."""
    return _plain(YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8")))


def _plain(node: Any) -> Any:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return [_plain(member) for member in node.value]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{_json(key)}: {_json(value)}\n" for key, value in table.items())
