"""Export: others' own readers accept what leaves the house, and nothing personal leaves it unasked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.bundle import Bundle as BundleR5
from fhir.resources.R4B.bundle import Bundle as BundleR4
from fhir.resources.R4B.servicerequest import ServiceRequest as RequestR4
from fhir.resources.R4B.task import Task as TaskR4
from fhir.resources.servicerequest import ServiceRequest as RequestR5
from fhir.resources.task import Task as TaskR5

from bot.errors import InputError
from bot.referrals import Case, Status
from bot.store import Store
from bot.turns.services import Services
from bot.workbench.exchange import FORMATS, export
from bot.workbench.exchange.fhir import STATES
from tests.conftest import KEY
from tests.referrals.world import World, for_child

PHONE = "13800000000"
# What FHIR itself calls a Task's states (hl7.org/fhir/valueset-task-status.html).
TASK_STATES = {
    "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold", "failed", "completed",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(loaded: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('export') / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    yield world.staffed()
    store.close()


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """A family whose child's part was declined, escalated, followed up and is awaited, and whose couple's part was closed."""
    case = world.family()
    child, couple = for_child(case), next(part for part in case.parts if part.for_whom == "couple")
    people = world.people
    with world.moving() as moving:
        contact = moving.work.contacts.get(case.contact)
        assert contact is not None
        moving.work.contacts.save(replace(contact, consent="given", details={"phone": PHONE}))
        moving.decline(child.id, people["director"], "no_capacity")
        moving.accept(couple.id, people["court"])
        moving.close(couple.id, people["court"], "passed_to_court", words="二〇二六年开庭")
    world.passes(days=1)
    with world.moving() as moving:
        moving.accept(child.id, people["centre"])
        moving.contact(child.id, people["centre"])
        moving.follow_up(child.id, people["centre"])
        moving.visit(child.id, people["centre"], "better", words="外婆做饭")
        moving.await_family(child.id, people["centre"])
    return world.case(case)


def exported(world: World, case: Case, how: str, *, personal: bool = False) -> str:
    return export(world.services, case.id, how, personal=personal, by="terminal")


def resources(text: str, kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in json.loads(text)["entry"]]
    return [resource for resource in found if resource["resourceType"] == kind]


@pytest.mark.parametrize(
    ("how", "bundle", "request_type", "task"),
    [("fhir-r4", BundleR4, RequestR4, TaskR4), ("fhir-r5", BundleR5, RequestR5, TaskR5)],
)
def test_an_independent_reader_of_fhir_accepts_bundle_requests_and_tasks(
    how: str, bundle: Any, request_type: Any, task: Any, world: World, case: Case
) -> None:
    for personal in (False, True):
        text = exported(world, case, how, personal=personal)
        assert bundle.model_validate_json(text).type == "collection"
        assert [request_type.model_validate(r).intent for r in resources(text, "ServiceRequest")] == ["order"] * 2
        tasks = [task.model_validate(t) for t in resources(text, "Task")]
        assert {t.status for t in tasks} <= TASK_STATES
        assert json.loads(bundle.model_validate_json(text).model_dump_json()).keys() == json.loads(text).keys()


def test_each_state_is_another_task_and_the_page_says_which() -> None:
    assert STATES.keys() == set(Status)
    assert {task for task, _ in STATES.values()} <= TASK_STATES
    assert len({(task, status.value) for status, (task, _) in STATES.items()}) == len(Status)
    page = (Path(__file__).parents[3] / "docs" / "referrals.md").read_text(encoding="utf-8")
    for status, (task, request) in STATES.items():
        assert f"| `{status}` | `{task}` | `{status}` | `{request}` |" in page


def test_whoever_had_it_before_has_a_task_that_ended_as_it_did(world: World, case: Case) -> None:
    child = for_child(case)
    tasks = [
        t for t in resources(exported(world, case, "fhir-r4"), "Task") if t["groupIdentifier"]["value"] == child.id
    ]
    assert [task["status"] for task in tasks] == ["rejected", "failed", "on-hold"]
    assert tasks[0]["statusReason"]["coding"][0]["code"] == "no_capacity"
    assert tasks[0]["owner"]["identifier"]["value"] == world.people["director"].agency
    assert tasks[-1]["restriction"]["period"]["end"] == child.deadline.isoformat(timespec="seconds")


def test_primero_gets_a_body_for_the_child_under_ids_that_stay_the_same(world: World, case: Case) -> None:
    [body] = [json.loads(line) for line in exported(world, case, "primero").splitlines()]
    [again] = [json.loads(line) for line in exported(world, case, "primero").splitlines()]
    data = body["data"]
    assert again == body
    assert UUID(data["id"])
    assert (data["status"], data["risk_level"]) == ("open", "medium")
    assert [s["service_implemented"] for s in data["services_section"]] == ["implemented", "not_implemented"]
    made = [f for f in data["followup_subform_section"] if "followup_date" in f]
    assert [f["followup_comments"] for f in made] == ["better"]
    assert len(data["followup_subform_section"]) == 6


def test_the_table_has_a_line_for_each_part(world: World, case: Case) -> None:
    couple, child = csv.DictReader(io.StringIO(exported(world, case, "csv")))
    assert (child["status"], child["escalations"]) == ("following_up", "1")
    assert (couple["status"], couple["reason"], couple["deadline"]) == ("closed", "passed_to_court", "")


@pytest.mark.parametrize("how", FORMATS)
def test_nothing_personal_leaves_unless_it_is_asked_for_and_never_what_workers_wrote(
    how: str, world: World, case: Case
) -> None:
    plain, asked = exported(world, case, how), exported(world, case, how, personal=True)
    for words in (PHONE, "离婚", "外婆", "开庭", case.receipt, case.contact):
        assert words not in plain
    assert (PHONE in asked) == (how != "csv")
    assert "外婆做饭" not in asked
    assert case.receipt not in asked


def test_an_export_is_in_the_audit_log(world: World, case: Case) -> None:
    exported(world, case, "csv", personal=True)
    with world.services.store.engine.connect() as db:
        rows = db.exec_driver_sql("SELECT action, subject FROM audit ORDER BY seq DESC LIMIT 1").all()
    assert list(map(tuple, rows)) == [("export_personal", case.id)]


def test_an_unknown_case_or_format_is_one_clear_line(world: World, case: Case) -> None:
    with pytest.raises(InputError, match="no case 'nothing'"):
        export(world.services, "nothing", "csv", personal=False, by="terminal")
    with pytest.raises(InputError, match="--as takes fhir-r4, fhir-r5, primero, csv, not 'pdf'"):
        exported(world, case, "pdf")
