"""What authors write is read as they mean it: everything is a word, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import RuleFileError
from bot.facts.document import Item, read


def document(folder: Path, text: str) -> Item:
    path = folder / "a.yml"
    path.write_text(text, encoding="utf-8")
    return read(path, Path("rules/a.yml"))


@pytest.mark.parametrize(
    "word",
    ["no", "NO", "off", "yes", "true", "null", "~", "12:30", "1.0", "0x1F", "2026-11-01", "010", "1e3", "五岁"],
)
def test_a_word_is_the_word_that_was_written(tmp_path: Path, word: str) -> None:
    assert document(tmp_path, f"key: {word}\n").table["key"].word == word


def test_every_item_knows_its_line(tmp_path: Path) -> None:
    table = document(tmp_path, "one: 1\n# a remark\ntwo:\n  - a\n  - b\n").table
    assert [item.where.line for item in (table["one"], table["two"], *table["two"].items)] == [1, 3, 4, 5]


def test_one_word_is_as_good_as_a_list_of_one(tmp_path: Path) -> None:
    table = document(tmp_path, "one: a\nmany: [a, b]\n").table
    assert [[item.word for item in table[key].words] for key in ("one", "many")] == [["a"], ["a", "b"]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", "rules/a.yml:3: the key 'a' is repeated (first on line 1)"),
        ("a: &x 1\nb: *x\n", "rules/a.yml:1: anchors, aliases and tags are not used here; write it out"),
        ("a: !secret 1\n", "rules/a.yml:1: anchors, aliases and tags are not used here; write it out"),
        ("a: !!python/name:os.system 1\n", "rules/a.yml:1: anchors, aliases and tags are not used here; write it out"),
        ("[a, b]: 1\n", "rules/a.yml:1: a key is one word"),
        ("a: [1\n", "rules/a.yml:2: this is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("", "rules/a.yml: the file is empty"),
        ("a: 1\n---\nb: 2\n", "rules/a.yml:2: this is not YAML: but found another document"),
    ],
)
def test_what_yaml_would_make_something_else_of_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        document(tmp_path, text)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("word", "one word or sentence is expected here"),
        ("items", "a list is expected here"),
        ("number", "one word or sentence is expected here"),
        ("truth", "one word or sentence is expected here"),
    ],
)
def test_what_is_of_another_shape_is_refused_where_it_stands(tmp_path: Path, what: str, says: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        getattr(document(tmp_path, "\na: {b: c}\n").table["a"], what)
    assert str(refused.value) == f"rules/a.yml:2: {says}"


@pytest.mark.parametrize(
    ("what", "written", "says"),
    [("number", "eight", "'eight' is not a whole number"), ("truth", "yes", "'yes' is neither true nor false")],
)
def test_a_number_is_a_number_and_the_truth_is_true_or_false(
    tmp_path: Path, what: str, written: str, says: str
) -> None:
    with pytest.raises(RuleFileError) as refused:
        getattr(document(tmp_path, f"a: {written}\n").table["a"], what)
    assert str(refused.value) == f"rules/a.yml:1: {says}"
