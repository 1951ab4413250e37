"""Words in two languages: both there, both text. A comma that was not quoted makes a key of its own, which no page complains of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.settings import project_folder

FILES = sorted((project_folder() / "data").glob("*.yml"))


def said(tree: object, where: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(tree, dict):
        if "zh" in tree or "en" in tree:
            yield where, tree
        for key, value in tree.items():
            yield from said(value, f"{where}.{key}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from said(value, f"{where}[{number}]")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_text_is_there_in_both_languages_and_whole(file: Path) -> None:
    tree = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    for where, words in said(tree):
        if isinstance(words.get("zh"), str) or isinstance(words.get("en"), str):
            assert isinstance(words.get("zh"), str), (file.name, where)
            assert isinstance(words.get("en"), str), (file.name, where)
            assert None not in words.values(), (file.name, where)
