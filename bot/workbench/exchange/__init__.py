"""`rightdoor referrals export`: one case in the words of others – FHIR R4 and R5, Primero's API v2, CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.errors import InputError
from bot.turns.services import Services
from bot.workbench.exchange.fhir import bundle
from bot.workbench.exchange.primero import bodies
from bot.workbench.exchange.record import Record, record_of
from bot.workbench.exchange.table import table


def _lines(documents: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)


FORMATS: Mapping[str, Callable[[Record], str]] = {
    "fhir-r4": lambda record: _lines([bundle(record, release=4)]),
    "fhir-r5": lambda record: _lines([bundle(record, release=5)]),
    "primero": lambda record: _lines(bodies(record)),
    "csv": table,
}


def export(services: Services, case_id: str, how: str, *, personal: bool, by: str) -> str:
    """One case as text. Without `personal` nothing is in it that tells who the family is or what they said.

    Reading is written into the audit log. Raises `InputError` for an unknown case or format, and for what is personal of a
    family that has asked to be erased.
    """
    if how not in FORMATS:
        raise InputError(f"--as takes {', '.join(FORMATS)}, not {how!r}")
    now = services.clock()
    with services.store.work() as work:
        record = record_of(services, work, case_id, now, personal=personal)
        family = work.contacts.get(record.case.contact)
        if personal and family and family.erase_asked:
            raise InputError("the family has asked for their data to be deleted: only what is not personal is exported")
        action = "export_personal" if personal else "export"
        work.audit.add(by, action, record.case.id, record.case.county, now)
    return FORMATS[how](record)
