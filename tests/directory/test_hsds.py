"""Open Referral HSDS 3: what is written validates with the official schemas, nothing added; what is read again is the same."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from bot.directory import Agency, Directory, Kept, hsds
from bot.directory.hours import Hours
from bot.directory.rows import agency_of
from bot.errors import DirectoryError, Where
from bot.places import Gazetteer
from bot.workbench.directory.packages import read_package, write_json, write_tables
from tests.directory.test_directory import DATA, NATIONAL

OFFICIAL = DATA.parent.parent / "shared" / "hsds"
NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
SERVICES = ("court", "county_centre", "operator", "mediation")
RICH = Agency(
    id="danyang-centre",
    service="county_centre",
    place="321181",
    name={"zh": "丹阳市未成年人救助保护中心（演示）", "en": "Danyang minors protection centre (demo)"},
    phone="0000-000-0100",
    fictional=True,
    webhook="https://example.invalid/hook",
    address="南环路 1 号",
    hours=Hours.parse("workdays 08:30-12:00,14:00-17:30; Sa 09:00-24:00"),
    languages=("zh", "ii"),
    accepts="十八岁以下",
    capacity=12,
    until=date(2027, 6, 30),
    successor="danyang-new",
    kept=Kept("民政局", "公告", date(2026, 11, 1), date(2027, 11, 1)),
)
PLAIN = Agency("danyang-new", "county_centre", "321181", {"zh": "新的", "en": "New"}, "0000-000-0101", fictional=True)
ROUND = replace(PLAIN, id="duty", service="operator", place="", hours=Hours.parse("24h"))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(DATA / "divisions")


@pytest.fixture(scope="module")
def directory(gazetteer: Gazetteer) -> Directory:
    services = {
        row["service"] for file in (NATIONAL, *(DATA / "directory" / "demo").glob("*.csv")) for row in table(file)
    }
    demo = Directory.open(DATA / "directory" / "demo", NATIONAL, gazetteer, services - {""})
    more = {agency.id: agency for agency in (RICH, PLAIN)}
    return Directory.of({**demo.by_id, **more}, demo.rota)


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [{"service": "", **row} for row in csv.DictReader(opened)]


def official(name: str) -> jsonschema_rs.Validator:
    """The official schema of one thing, with additional properties off everywhere."""
    if not OFFICIAL.is_dir():
        pytest.skip("the official schemas lie beside the project only where it is developed")
    schemas = {
        file.name: strict(json.loads(file.read_text(encoding="utf-8"))) for file in (OFFICIAL / "schema").glob("*.json")
    }
    registry = jsonschema_rs.Registry([(f"https://hsds.invalid/{file}", schema) for file, schema in schemas.items()])
    return jsonschema_rs.validator_for(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://hsds.invalid/", "$ref": name},
        registry=registry,
        validate_formats=True,
    )


def strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value) for name, value in schema.items()}
    return found | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else found


def errors(validator: jsonschema_rs.Validator, thing: Any) -> list[str]:
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(thing)]


def test_the_validator_refuses_what_the_standard_does_not_know() -> None:
    service = {"id": hsds.identifier("service", "x"), "name": "x", "status": "active"}
    assert errors(official("service.json"), service) == []
    phone = {"id": service["id"], "number": "1"}
    for wrong in (
        {"nope": 1},
        {"status": "open"},
        {"id": "no uuid"},
        {"phones": [{"number": "1"}]},
        {"phones": [phone | {"x": 1}]},
    ):
        assert errors(official("service.json"), service | wrong), wrong


def test_every_service_validates_with_the_official_schema(directory: Directory, gazetteer: Gazetteer) -> None:
    validator = official("service.json")
    found = list(hsds.services(directory.agencies, gazetteer, NOW))
    assert len(found) == len(directory.agencies)
    assert [wrong for one in found for wrong in errors(validator, one)] == []
    for name, make in (
        ("organization", hsds.organization),
        ("location", lambda agency: hsds.location(agency, gazetteer)),
        ("service_at_location", lambda agency: hsds.service_at_location(agency, gazetteer)),
    ):
        check = official(f"{name}.json")
        assert [wrong for agency in directory.agencies for wrong in errors(check, make(agency))] == []


def test_every_table_has_the_columns_of_the_official_package(
    directory: Directory, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    write_tables(directory, gazetteer, NOW, DATA / "directory" / "hsds.json", tmp_path)
    if not OFFICIAL.is_dir():
        pytest.skip("the official package lies beside the project only where it is developed")
    package = json.loads((OFFICIAL / "datapackage.json").read_text(encoding="utf-8"))
    fields = {resource["path"]: resource["schema"]["fields"] for resource in package["resources"]}
    ids: dict[str, set[str]] = {}
    for file in tmp_path.glob("*.csv"):
        rows = table(file)
        known = [field["name"] for field in fields[file.name]]
        assert [name for name in rows[0] if name in known] == known, file.name
        for field, row in ((field, row) for field in fields[file.name] for row in rows):
            assert problem(field, row[field["name"]]) is None, (file.name, field["name"], row)
        ids[file.name] = {row["id"] for row in rows}
        assert len(ids[file.name]) == len(rows), f"{file.name}: every id once"
    for name in ("phones", "service_areas", "service_at_location", "attributes"):
        column = "link_id" if name == "attributes" else "service_id"
        assert {row[column] for row in table(tmp_path / f"{name}.csv")} <= ids["services.csv"]
    assert {
        resource["path"] for resource in json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    } == set(ids)


def problem(field: dict[str, Any], value: str) -> str | None:
    """What the official description of a column says against a value."""
    constraints = field.get("constraints", {})
    if not value:
        ours = field["name"] in ("postal_code", "city", "state_province")  # left empty: a county is known by its code
        return "required" if constraints.get("required") and not ours else None
    if "enum" in constraints and value not in constraints["enum"]:
        return "not one of the words"
    if field.get("format") == "uuid" and not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return "no uuid"
    if field["type"] == "number" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "no number"
    return None


@pytest.mark.parametrize("kind", ["json", "tables"])
def test_an_export_read_again_is_the_same_directory(
    kind: str, directory: Directory, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    if kind == "json":
        where = tmp_path / "directory.json"
        write_json(directory, gazetteer, NOW, where)
    else:
        where = tmp_path / "package"
        write_tables(directory, gazetteer, NOW, DATA / "directory" / "hsds.json", where)
    services = {agency.service for agency in directory.agencies}
    again = [agency_of(row, Where(where), gazetteer, services) for row in read_package(where, "", "")]
    assert {agency.id: agency for agency in again} == dict(directory.by_id)


def examples() -> Iterator[Path]:
    names = ("service_full.json", "service_list.json", "tabular.json", "service_at_location_full.json", "csv")
    yield from (OFFICIAL / "examples" / name for name in names)


def test_the_official_examples_are_read(gazetteer: Gazetteer) -> None:
    if not OFFICIAL.is_dir():
        pytest.skip("the official examples lie beside the project only where it is developed")
    for example in examples():
        rows = read_package(example, "mediation", "321181", "0000-000-0199")
        found = [agency_of(row, Where(example), gazetteer, SERVICES) for row in rows]
        assert found[0].name["zh"] == "Community Counselling", example
        assert found[0].phone, example
        assert (found[0].service, found[0].place) == ("mediation", "321181")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[1]", '{"contents": [{"name": "x"}]}', '{"services": 7}', "null", '"x"', "[" * 100_000]
)
def test_what_is_no_hsds_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "half.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DirectoryError, match=r"half\.json"):
        read_package(file, "court", "")
    with pytest.raises(DirectoryError, match="is not there"):
        read_package(tmp_path / "none.json", "court", "")
    with pytest.raises(DirectoryError, match=r"services\.csv"):
        read_package(tmp_path, "court", "")


def test_a_page_says_where_it_stands() -> None:
    things = [{"id": str(number)} for number in range(5)]
    second = hsds.page(things[2:4], 5, 2, 2)
    assert [thing["id"] for thing in second["contents"]] == ["2", "3"]
    assert (second["total_pages"], second["first_page"], second["last_page"]) == (3, False, False)
    assert hsds.page([])["empty"]
    assert hsds.page(things)["last_page"]
