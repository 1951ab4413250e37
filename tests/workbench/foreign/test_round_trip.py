"""A table that goes out and comes back says the same; a file that is no such table is refused in words."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.decisions import Policy
from bot.decisions.row import Row
from bot.decisions.rulebase import situation_files
from bot.errors import InputError
from bot.workbench.foreign import FORMATS, export_table, import_table

RULES = Path(__file__).parents[3] / "rules"
TABLES = [path.stem for path in situation_files(RULES)]
POLICY = Policy.load(RULES)


def substance(row: Row) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row) if field.name != "where"}


def exported(tmp_path: Path, form: str, table: str = "divorce") -> Path:
    path = tmp_path / f"{table}.{form}"
    path.write_text(export_table(table, RULES, form), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_tables_that_go_out_and_come_back_have_the_same_rows(form: str, tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    for table in TABLES:
        text, lacking = import_table(exported(tmp_path, form, table))
        assert lacking == ()
        (tmp_path / "rules" / "situations" / f"{table}.yml").write_text(text, encoding="utf-8")
    back = Policy.load(tmp_path / "rules")
    assert [substance(row) for row in back.rows] == [substance(row) for row in POLICY.rows]


def replaced(path: Path, old: str, new: str, count: int = 1) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return path


def test_feel_as_other_editors_write_it_is_read_as_well(tmp_path: Path) -> None:
    path = replaced(
        exported(tmp_path, "dmn"), '? in ("considering", "pending")', 'not("no", "done", "unknown", "refused")'
    )
    text, _ = import_table(path)
    assert "divorce: [considering, pending]" in text
    path = replaced(path, 'not("no", "done", "unknown", "refused")', '"considering","pending"')
    assert import_table(path)[0] == text


def test_a_rule_added_elsewhere_comes_in_and_says_what_is_still_to_be_written(tmp_path: Path) -> None:
    model = json.loads(exported(tmp_path, "gorules").read_text(encoding="utf-8"))
    content = model["nodes"][1]["content"]
    parts = '[{"for": "child", "lead": "school", "first_action": "visit_home"}]'
    content["rules"].append({"_id": "x", "divorce": '"done"', "row": '"R99"', "risk": '"low"', "parts": parts})
    path = tmp_path / "more.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    text, lacking = import_table(path)
    assert "id: R99" in text
    assert lacking == ("R99: title, basis, because",)


BROKEN = [
    ("dmn", "COLLECT", "FIRST", "decision table: hit policy FIRST found; expected COLLECT without aggregation"),
    (
        "dmn",
        "<text>divorce</text>",
        "<text>age &gt; 5</text>",
        "input expression: 'age > 5' found; expected the name of a fact",
    ),
    (
        "dmn",
        '<text>"both"</text>',
        "<text>&gt; 5</text>",
        "rule 1, input 'refuses_child': '> 5' is not a list of words; expected",
    ),
    (
        "dmn",
        '<text>"both"</text>',
        '<text>"boht"</text>',
        "rule 1, input 'refuses_child': 'boht' is not among the allowed values",
    ),
    ("dmn", '<text>"medium"</text>', '<text>"grave"</text>', "rule 1, output 'risk': 'grave' found; expected one of"),
    ("dmn", "</definitions>", "", "this is not XML"),
    ("dmn", "20191111/MODEL", "none", None),
    ("gorules", '"collect"', '"first"', "table 'divorce': hit policy first found; expected collect"),
    ("gorules", "decisionTableNode", "expressionNode", "nodes: 0 decision tables found; expected one"),
    ("gorules", '"nodes"', '"knots"', "'nodes': a list is expected here"),
    ("gorules", '"row": "\\"R01\\""', '"row": ""', "rule 1, output 'row': None found; expected the id of a row"),
    ("gorules", '"risk": "\\"low\\""', '"risk": "low"', "output 'risk': 'low' is not a value; expected one of"),
]


@pytest.mark.parametrize(("form", "old", "new", "message"), [case for case in BROKEN if case[3]])
def test_a_file_that_is_no_such_table_is_refused_with_place_and_what_was_expected(
    form: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    path = replaced(exported(tmp_path, form), old, new)
    with pytest.raises(InputError) as refused:
        import_table(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this is neither XML nor JSON"),
        (b"[1, 2]", "'nodes': a list is expected here"),
        (b"<html/>", "expected DMN, a 'definitions' element"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "a document type is not accepted"),
        (b"\xff\xfe", "the file is not UTF-8 text"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_anything_else_is_refused_in_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.dmn"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        import_table(path)


def test_the_commands_write_files_and_name_the_nearest_table(tmp_path: Path) -> None:
    runner, out, back = CliRunner(), tmp_path / "t.dmn", tmp_path / "t.yml"
    assert runner.invoke(cli, ["export", "divorce", "--as", "dmn", "--out", str(out)]).exit_code == 0
    assert runner.invoke(cli, ["import", str(out), "--out", str(back)]).exit_code == 0
    assert "id: R01" in back.read_text(encoding="utf-8")
    for arguments, message in (
        (["export", "divorze", "--as", "dmn"], "unknown table 'divorze'; did you mean 'divorce'?"),
        (["export", "divorce", "--as", "dnm"], "unknown format 'dnm'; did you mean 'dmn'?"),
        (["import", str(tmp_path / "none.dmn")], "cannot be read: No such file or directory"),
    ):
        assert message in str(runner.invoke(cli, arguments).exception)
