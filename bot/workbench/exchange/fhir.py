"""A case as a FHIR Bundle: a ServiceRequest for what each part asks, a Task for whoever has it, and one for each who had it.

R4 4.0.1 and R5 5.0.0 (hl7.org/fhir/task.html, /servicerequest.html). Codes of our own stand under `urn:rightdoor:…`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.decisions import Risk
from bot.referrals import Event, Part, Status
from bot.workbench.exchange.record import Record

R4 = 4
URN = "urn:rightdoor:"
AWAITING = "awaiting_family"

# Status → Task.status, ServiceRequest.status. With the status itself as Task.businessStatus this is one to one.
STATES: Mapping[Status, tuple[str, str]] = {
    Status.NEW: ("draft", "draft"),
    Status.SENT: ("requested", "active"),
    Status.DELIVERED: ("received", "active"),
    Status.ACCEPTED: ("accepted", "active"),
    Status.IN_CONTACT: ("in-progress", "active"),
    Status.FOLLOWING_UP: ("in-progress", "active"),
    Status.CLOSED: ("completed", "completed"),
    Status.WITHDRAWN: ("cancelled", "revoked"),
}
# The move with which somebody's Task ended → what became of it.
ENDED = {
    "decline": "rejected",
    "hand_on": "cancelled",
    "escalate": "failed",
    "redirect": "cancelled",
    "overrule": "cancelled",
    "reopen": "completed",
}
PRIORITY = {Risk.NONE: "routine", Risk.LOW: "routine", Risk.MEDIUM: "urgent", Risk.HIGH: "asap", Risk.EMERGENCY: "stat"}

Resource = dict[str, Any]


def bundle(record: Record, release: int) -> Resource:
    """The case as a collection. Nobody's name is in it unless the record has what is personal."""
    resources = [*_patient(record), *(r for part in record.case.parts for r in _part(record, part, release))]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": _identifier("case", record.case.id),
        "timestamp": _time(record.now),
        "entry": [{"fullUrl": f"{URN}{r['resourceType'].lower()}:{r['id']}", "resource": r} for r in resources],
    }


def _part(record: Record, part: Part, release: int) -> Iterator[Resource]:
    yield _request(record, part, release)
    holders = [event for event in record.events[part.id] if event.move in ENDED]
    begun = part.created
    for number, event in enumerate(holders, start=1):
        yield _held(record, part, event, number, begun, release)
        begun = event.at
    yield _task(record, part, begun, release)


def _request(record: Record, part: Part, release: int) -> Resource:
    """What is asked, of whom, for whom, by when."""
    action = _concept("first-action", part.first_action, record.labels["first_actions"][part.first_action]["zh"])
    reasons = [_concept("row", row) for row in part.rows]
    request: Resource = {
        "resourceType": "ServiceRequest",
        "id": f"{part.id}-request",
        "identifier": [_identifier("part", part.id)],
        "status": STATES[part.status][1],
        "intent": "order",
        "priority": PRIORITY[part.risk],
        "code": action if release == R4 else {"concept": action},
        "subject": _subject(record, part),
        "authoredOn": _time(part.created),
        "requester": {"display": "Rightdoor"},
        "performerType": _concept("service", part.lead, record.labels["services"][part.lead]["zh"]),
        "performer": [_organization(record, str(part.owner))],
    }
    if part.act_by:
        request["occurrencePeriod"] = {"start": _time(part.created), "end": _time(part.act_by)}
    if reasons:
        request |= {"reasonCode": reasons} if release == R4 else {"reason": [{"concept": r} for r in reasons]}
    if record.personal and record.personal.known:
        request["note"] = [{"text": record.personal.known}]
    return request


def _task(record: Record, part: Part, begun: datetime, release: int) -> Resource:
    """The Task of whoever has the part now."""
    paused = part.awaiting is not None and part.awaiting > record.now and part.status.open
    status, business = ("on-hold", AWAITING) if paused else (STATES[part.status][0], part.status.value)
    last = record.events[part.id][-1] if record.events[part.id] else None
    reason = last.reason if last and not part.status.open else None
    task = _any_task(record, part, part.id, begun, last.at if last else begun)
    task |= {
        "status": status,
        "businessStatus": _concept("status", business),
        "owner": _organization(record, str(part.owner)),
    }
    if part.status.open:
        task["restriction"] = {"period": {"end": _time(part.deadline)}}
    return task | _status_reason(reason, release)


def _held(record: Record, part: Part, event: Event, number: int, begun: datetime, release: int) -> Resource:
    """The Task of somebody who had the part before, as it ended."""
    task = _any_task(record, part, f"{part.id}-{number}", begun, event.at)
    task |= {
        "status": ENDED[event.move],
        "businessStatus": _concept("move", event.move),
        "owner": _organization(record, str(event.detail["from"])),
    }
    return task | _status_reason(event.reason, release)


def _any_task(record: Record, part: Part, task_id: str, begun: datetime, changed: datetime) -> Resource:
    request = {"reference": f"ServiceRequest/{part.id}-request"}
    fulfil = {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]}
    return {
        "resourceType": "Task",
        "id": task_id,
        "groupIdentifier": _identifier("part", part.id),
        "basedOn": [request],
        "intent": "order",
        "priority": PRIORITY[part.risk],
        "code": fulfil,
        "focus": request,
        "for": _subject(record, part),
        "authoredOn": _time(begun),
        "lastModified": _time(changed),
        "requester": {"display": "Rightdoor"},
    }


def _patient(record: Record) -> Iterator[Resource]:
    """The family's own contact, only with what is personal."""
    if record.personal and record.personal.details:
        telecom = [{"system": "other", "value": value} for value in record.personal.details.values()]
        yield {"resourceType": "Patient", "id": f"{record.case.id}-contact", "telecom": telecom}


def _subject(record: Record, part: Part) -> Resource:
    """Whom it is for: a number within the case, never a name."""
    who = part.for_whom if part.child is None else f"{part.for_whom}-{part.child}"
    return {"type": "Patient", "identifier": _identifier("person", f"{record.case.id}/{who}"), "display": who}


def _organization(record: Record, owner: str) -> Resource:
    agency, _, person = owner.partition("/")
    named = {"type": "Organization", "identifier": _identifier("agency", agency), "display": record.agency(owner)}
    return named | ({"extension": [{"url": f"{URN}staff", "valueString": person}]} if person else {})


def _status_reason(reason: str | None, release: int) -> Resource:
    if reason is None:
        return {}
    concept = _concept("reason", reason)
    return {"statusReason": concept if release == R4 else {"concept": concept}}


def _concept(kind: str, code: str, text: str | None = None) -> Resource:
    coded: Resource = {"coding": [{"system": f"{URN}{kind}", "code": code}]}
    return coded | ({"text": text} if text else {})


def _identifier(kind: str, value: str) -> Resource:
    return {"system": f"{URN}{kind}", "value": value}


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
