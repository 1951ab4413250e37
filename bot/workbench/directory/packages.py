"""HSDS 3 files in and out: one JSON file of full services, or a tabular data package in a folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.directory import Directory, hsds
from bot.errors import DirectoryError, Where, did_you_mean
from bot.places import Gazetteer
from bot.workbench.directory.sheets import LARGEST, Row

FIELDS = Path("data") / "directory" / "hsds.json"  # the columns of every table, as the standard names them
PACKAGE = "datapackage.json"


def write_json(directory: Directory, gazetteer: Gazetteer, at: datetime, to: Path) -> int:
    """Every agency as a full service; how many."""
    found = list(hsds.services(directory.agencies, gazetteer, at))
    write_whole(to, json.dumps(hsds.page(found), ensure_ascii=False, indent=1) + "\n")
    return len(found)


def write_tables(directory: Directory, gazetteer: Gazetteer, at: datetime, fields: Path, folder: Path) -> int:
    """A tabular data package with the standard's own columns; how many services."""
    columns: dict[str, list[str]] = json.loads(fields.read_text(encoding="utf-8"))
    made = hsds.tables(directory.agencies, gazetteer, at)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in made.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns[name], restval="", extrasaction="raise", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    resources = [
        {
            "name": name.removesuffix(".csv"),
            "path": name,
            "profile": "tabular-data-resource",
            "schema": {"primaryKey": "id", "fields": [{"name": column, "type": "string"} for column in columns[name]]},
        }
        for name in made
    ]
    package = {"name": "rightdoor-directory", "profile": "tabular-data-package", "resources": resources}
    write_whole(folder / PACKAGE, json.dumps(package, ensure_ascii=False, indent=1) + "\n")
    return len(made.get("services.csv", ()))


def read_package(path: Path, kind: str, place: str, phone: str = "") -> list[Row]:
    """The rows that an HSDS file or folder makes. Raises `DirectoryError` for what is none."""
    found = _tables(path) if path.is_dir() or path.name == PACKAGE else _json(path)
    rows = [hsds.row(one, kind, place, phone) for one in found]
    if not rows:
        raise DirectoryError("holds no service", Where(path))
    return rows


def _json(file: Path) -> Iterator[Mapping[str, Any]]:
    """The services of a JSON file: a page, a list, one service, an organization with services, or tables by name."""
    if not file.is_file():
        raise DirectoryError("is not there", Where(file))
    if file.stat().st_size > LARGEST:
        raise DirectoryError(f"is larger than {LARGEST // 1_000_000} MB", Where(file))
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DirectoryError(f"is no whole JSON: {error}", Where(file)) from error
    if isinstance(said, dict) and "services.csv" in said:
        yield from hsds.gathered(said)
        return
    things = said.get("contents", said.get("services", [said])) if isinstance(said, dict) else said
    for number, one in enumerate(things if isinstance(things, list) else [None], 1):
        service = one.get("service", one) if isinstance(one, dict) else None
        if not isinstance(service, dict) or not service.get("id") or not service.get("name"):
            raise DirectoryError(f"thing {number} is no HSDS service: it has no id and name", Where(file))
        yield service


def _tables(path: Path) -> Iterator[Mapping[str, Any]]:
    folder = path if path.is_dir() else path.parent
    known: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(folder.glob("*.csv")):
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                known[file.name] = list(csv.DictReader(opened, strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise DirectoryError(f"cannot be read: {error}", Where(file)) from error
    if "services.csv" not in known:
        raise DirectoryError(f"has no services.csv{did_you_mean('services.csv', known)}", Where(folder))
    yield from hsds.gathered(known)


def write_whole(file: Path, text: str) -> None:
    """Whole or not at all."""
    half = file.with_name(f".{file.name}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
