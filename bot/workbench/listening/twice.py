"""A lexicon with twice as many cues, of other words: what does it cost?"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from bot.facts import Lexicon, Vocabulary

_HAN, _LATIN = re.compile("[\u4e00-\u9ffe]"), re.compile(r"[a-z]{3,}")


def doubled(folder: Path, vocabulary: Vocabulary) -> Lexicon:
    """The lexicon of a folder, and every cue once more in words that nobody says."""
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "lexicon"
        shutil.copytree(folder, copy)
        for name in ("zh.yml", "en.yml"):
            text = (copy / name).read_text(encoding="utf-8")
            (copy / name).write_text(_twins(text), encoding="utf-8")
        return Lexicon.load(copy, vocabulary)


def _twins(text: str) -> str:
    head, cues = text.split("\ncues:\n")
    words = re.search(r"^words:\n((?:  .*\n)+)", head, re.MULTILINE)
    if words:
        twins = "".join(_other(line, r"^  (\w+):") for line in words[1].splitlines(keepends=True))
        head = head.replace(words[1], words[1] + twins)
    more = "".join(
        line if line.startswith("    means:") else _other(line, r"^  (\w+):") for line in cues.splitlines(keepends=True)
    )
    return f"{head}\ncues:\n{cues}\n{more}"


def _other(line: str, name: str) -> str:
    """A line in other words; what names something is called its twin."""
    if re.match(r"    (sure|despite):|\s*#", line):
        return line
    named = re.match(name, line)
    if named:
        return f"  {named[1]}_twin:" + _words(line[named.end() :])
    return re.sub(r"^(    says:)?(.*)", lambda found: (found[1] or "") + _words(found[2]), line, flags=re.DOTALL)


def _words(text: str) -> str:
    """Every word another one, and every {name} its twin."""
    return "".join(
        part[:-1] + "_twin}" if part.startswith("{") and part.endswith("}") else _unsaid(part)
        for part in re.split(r"(\{\w+\})", text)
    )


def _unsaid(text: str) -> str:
    return _LATIN.sub(lambda found: found[0][::-1] + "x", _HAN.sub(lambda found: chr(ord(found[0]) + 1), text))
