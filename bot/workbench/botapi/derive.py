"""Makes `spec.json`, the part of the Bot API this server speaks, from a full machine-readable specification.

    python -m bot.workbench.botapi.derive path/to/api.json

The full specification is `PaulSonOfLars/telegram-bot-api-spec` (MIT, its notice is in `LICENSE` beside this file). The
excerpt keeps the methods Rightdoor calls and every type that these and `Update` reach, without the prose. A field is
`name` or, when optional, `name?`; a value that can only be one word is that word in single quotes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SPEC = Path(__file__).with_name("spec.json")
METHODS = (
    "answerCallbackQuery",
    "deleteMessage",
    "deleteMessages",
    "deleteWebhook",
    "editMessageReplyMarkup",
    "editMessageText",
    "getMe",
    "getUpdates",
    "getWebhookInfo",
    "leaveChat",
    "sendChatAction",
    "sendMessage",
    "setMyCommands",
    "setMyDescription",
    "setMyShortDescription",
    "setWebhook",
)
# "Type of the reaction, always “emoji”" and "Scope type, must be default".
ONE_WORD = re.compile(r"""always ["“](\w+)["”]$|must be (\w+)$""")
ARRAY = "Array of "


def derive(full: Mapping[str, Any]) -> dict[str, Any]:
    """The excerpt of a full specification."""
    methods = {name: _method(full["methods"][name]) for name in METHODS}
    roots = [kind for method in methods.values() for kind in _mentioned(method)]
    return {
        "version": full["version"],
        "methods": methods,
        "types": {name: _type(full["types"][name]) for name in sorted(_reachable(full["types"], ["Update", *roots]))},
    }


def element(kind: str) -> str:
    """`Array of Array of PhotoSize` → `PhotoSize`."""
    return kind.replace(ARRAY, "")


def _method(method: Mapping[str, Any]) -> dict[str, Any]:
    return {"returns": method["returns"], "takes": _fields(method)}


def _type(kind: Mapping[str, Any]) -> dict[str, Any]:
    return {"one_of": kind["subtypes"]} if "subtypes" in kind else {"fields": _fields(kind)}


def _fields(of: Mapping[str, Any]) -> dict[str, list[str]]:
    return {f["name"] + ("" if f["required"] else "?"): _kinds(f) for f in of.get("fields", [])}


def _kinds(field: Mapping[str, Any]) -> list[str]:
    word = ONE_WORD.search(field["description"])
    return [f"'{word[1] or word[2]}'"] if word and field["types"] == ["String"] else list(field["types"])


def _mentioned(method: Mapping[str, Any]) -> list[str]:
    return [*method["returns"], *(kind for kinds in method["takes"].values() for kind in kinds)]


def _reachable(types: Mapping[str, Any], roots: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = [element(root) for root in roots]
    while waiting:
        name = waiting.pop()
        if name in types and name not in found:
            found.add(name)
            fields = (kind for field in types[name].get("fields", []) for kind in field["types"])
            waiting += [element(kind) for kind in (*fields, *types[name].get("subtypes", []))]
    return found


def dumps(spec: Mapping[str, Any]) -> str:
    """One method or type a line, so that a new Bot API version reads well as a diff."""
    lines = [f'{{"version": {json.dumps(spec["version"])}']
    for part in ("methods", "types"):
        entries = (f"{json.dumps(name)}: {json.dumps(body)}" for name, body in spec[part].items())
        lines.append(f'"{part}": {{\n' + ",\n".join(entries) + "}")
    return ",\n".join(lines) + "}\n"


if __name__ == "__main__":
    SPEC.write_text(dumps(derive(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))), encoding="utf-8")
