"""`rightdoor export` and `rightdoor import`: from a situations file and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from bot.decisions import Policy
from bot.decisions.rulebase import situation_files
from bot.errors import InputError, did_you_mean
from bot.workbench.foreign import dmn, gorules
from bot.workbench.foreign.table import ForeignTableError, Table, read_table

FORMATS: Mapping[str, Callable[[Table], str]] = {"dmn": dmn.write, "gorules": gorules.write}
LARGEST = 10_000_000  # bytes; no table of ours comes near
# What a row needs before `rules/` takes it, and a foreign table may not have brought.
NEEDED = ("title", "basis", "because")


def export_table(table: str, rules: Path, form: str) -> str:
    """A table of `rules`, by name (`divorce`) or path, as another format has it. Raises `InputError`, `RuleFileError`."""
    if form not in FORMATS:
        raise InputError(f"unknown format {form!r}{did_you_mean(form, FORMATS)}; known are {', '.join(FORMATS)}")
    policy = Policy.load(rules)
    return FORMATS[form](read_table(_find(table, rules), policy.vocabulary))


def import_table(path: Path) -> tuple[str, tuple[str, ...]]:
    """A foreign file as situations YAML, and in words what its rows still lack. Raises `ForeignTableError`."""
    table = _foreign(path)
    out = StringIO()
    yaml = YAML()
    yaml.width = 1000
    yaml.default_flow_style = None  # short lists and tables on one line, as our own files have them
    yaml.dump(table.plain(), out)
    return out.getvalue(), tuple(_lacking(table))


def _find(name: str, rules: Path) -> Path:
    files = {path.stem: path for path in situation_files(rules)}
    wanted = Path(name)
    for path in files.values():
        if wanted.resolve() == path.resolve():
            return path
    if name not in files:
        raise InputError(f"unknown table {name!r}{did_you_mean(name, files)}; {rules} has {', '.join(files)}")
    return files[name]


def _foreign(path: Path) -> Table:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ForeignTableError(f"cannot be read: {error.strerror}", str(path)) from error
    if len(raw) > LARGEST:
        raise ForeignTableError(f"is larger than {LARGEST // 1_000_000} MB; expected one table", str(path))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignTableError("the file is not UTF-8 text", str(path)) from error
    return dmn.read(text, str(path)) if text.lstrip().startswith("<") else gorules.read(text, str(path))


def _lacking(table: Table) -> list[str]:
    rows = [f"{row.id}: {', '.join(key for key in NEEDED if key not in row.beside)}" for row in table.rows]
    said = [row for row in rows if not row.endswith(": ")]
    return [*([] if "valid_from" in table.beside else ["the table: valid_from"]), *said]
