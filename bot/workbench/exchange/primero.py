"""A case as Primero's API v2 takes it: one body of `POST /api/v2/cases` for each child, or one for a case without a child.

The names are those of Primero's child-protection module (github.com/primeroIMS/primero, `services_section`,
`followup_subform_section`, `risk_level` …); services and agencies keep our ids, which a lookup there maps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.referrals import Part, Status
from bot.referrals.visits import Visit
from bot.workbench.exchange.record import Record

Row = dict[str, Any]


def bodies(record: Record) -> Iterator[Row]:
    """The bodies, each under an id of its own that is the same every time, so that sending one again changes nothing."""
    children: Sequence[int | None] = sorted({part.child for part in record.case.parts if part.child is not None})
    for child in children or (None,):
        parts = [part for part in record.case.parts if part.child in (child, None)]
        yield {"data": _case(record, child, parts)}


def _case(record: Record, child: int | None, parts: list[Part]) -> Row:
    case = record.case
    ended = [part for part in parts if not part.status.open]
    body: Row = {
        "id": str(uuid5(NAMESPACE_URL, f"urn:rightdoor:{case.id}/{child}")),
        "module_id": "primeromodule-cp",
        "other_agency_id": f"{case.id}/{'family' if child is None else child}",
        "other_agency_name": "Rightdoor",
        "registration_date": _day(case.sent or case.created),
        "status": "closed" if len(ended) == len(parts) else "open",
        "risk_level": max(part.risk for part in parts).name.lower() if parts else case.risk.name.lower(),
        "location_current": case.county,
        "services_section": [_service(record, part) for part in parts],
        "followup_subform_section": [
            _visit(visit) for part in parts for visit in record.visits[part.id] if not visit.dropped
        ],
    }
    if body["status"] == "closed" and parts:
        body["date_closure"] = _day(max(record.events[part.id][-1].at for part in ended))
    if record.personal:
        notes = [record.personal.known, *record.personal.details.values()]
        body["notes_section"] = [{"note_subject": "Rightdoor", "note_text": text} for text in notes if text]
    return body


def _service(record: Record, part: Part) -> Row:
    moved = {event.move: event for event in record.events[part.id]}
    done = moved.get("close")
    row: Row = {
        "unique_id": str(uuid5(NAMESPACE_URL, f"urn:rightdoor:{part.id}")),
        "service_type": part.lead,
        "service_response_type": part.first_action,
        "service_response_day_time": _time(part.created),
        "service_appointment_date": _day(part.act_by) if part.act_by else None,
        "service_implementing_agency": part.owner.agency,
        "service_delivery_location": record.case.county,
        "service_status_referred": part.status is not Status.NEW,
        "service_implemented": "implemented" if part.status is Status.CLOSED else "not_implemented",
    }
    if done and part.status is Status.CLOSED:
        row |= {"service_implemented_day_time": _time(done.at), "note_on_referral_from_provider": done.reason}
    return row


def _visit(visit: Visit) -> Row:
    row: Row = {
        "unique_id": str(uuid5(NAMESPACE_URL, f"urn:rightdoor:{visit.id}")),
        "followup_type": visit.how,
        "followup_needed_by_date": _day(visit.due),
    }
    return row | ({"followup_date": _day(visit.done), "followup_comments": visit.finding} if visit.done else {})


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
