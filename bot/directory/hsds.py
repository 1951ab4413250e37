"""Open Referral HSDS 3: an agency as a service with its organization, location, hours and area, and back again.

What HSDS has no field for (whose matter it is, capacity, who keeps the entry …) is an attribute with a term of our taxonomy, so
that an export read again gives the same directory. Identifiers are UUIDs made of the agency's id: the same agency has the same
in every export (https://docs.openreferral.org, version 3.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.directory.agency import Agency
from bot.directory.hours import ROUND_THE_CLOCK, Period
from bot.directory.rows import row_of
from bot.places import Gazetteer

Row = dict[str, Any]
TAXONOMY = "rightdoor"
# The columns of a row that HSDS has no field for.
OWN = (
    "id", "service", "fictional", "email", "webhook", "capacity", "owner", "source", "assured", "expires", "until", "successor",
    "hours", "address", "place",
)  # fmt: skip
AREA = "cn-division"  # what the extent of a service area is written in
_ICAL = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def identifier(kind: str, name: str) -> str:
    """The UUID of one thing of an agency."""
    return str(uuid5(NAMESPACE_URL, f"rightdoor:{kind}:{name}"))


def services(agencies: Iterable[Agency], gazetteer: Gazetteer, at: datetime) -> Iterator[Row]:
    """Every agency as a full HSDS service."""
    return (service(agency, gazetteer, at) for agency in agencies)


def service(agency: Agency, gazetteer: Gazetteer, at: datetime) -> Row:
    """One agency as a service with everything below it."""
    own = identifier("service", agency.id)
    place = gazetteer.get(agency.place) if agency.place else None
    found: Row = {
        "id": own,
        "name": agency.name["zh"],
        "alternate_name": agency.name["en"],
        "status": "defunct" if agency.ended(at) else "active",
        "organization": organization(agency),
        "phones": [_phone(agency)],
        "schedules": [_schedule(agency, number, one) for number, one in enumerate(_spans(agency))],
        "service_areas": [
            {
                "id": identifier("area", agency.id),
                "name": place.full_name if place else "全国",
                "extent": agency.place,
                "extent_type": AREA,
            }
        ],
        "languages": [{"id": identifier("language", f"{agency.id}/{code}"), "code": code} for code in agency.languages],
        "service_at_locations": [service_at_location(agency, gazetteer)],
        "attributes": [
            _attribute(agency, name, value) for name, value in row_of(agency).items() if value and name in OWN
        ],
    }
    optional = {
        "eligibility_description": agency.accepts,
        "assured_date": agency.kept.assured.isoformat() if agency.kept.assured else "",
    }
    return found | {name: value for name, value in optional.items() if value}


def organization(agency: Agency) -> Row:
    """The organization behind an agency."""
    said = f"{agency.name['zh']} / {agency.name['en']}"
    if agency.fictional:
        said += " (fictional, for demonstrations)"
    return {
        "id": identifier("organization", agency.id),
        "name": agency.name["zh"],
        "alternate_name": agency.name["en"],
        "description": said,
    }


def location(agency: Agency, gazetteer: Gazetteer) -> Row:
    """Where an agency is: a place to go to where its address is known."""
    found: Row = {
        "id": identifier("location", agency.id),
        "location_type": "physical" if agency.address else "virtual",
        "name": agency.name["zh"],
    }
    if not agency.address:
        return found
    names = [p.name for digits in (2, 4, 6) if (p := gazetteer.get(agency.place[:digits]))]
    return found | {
        "addresses": [
            {
                "id": identifier("address", agency.id),
                "address_1": agency.address,
                "city": names[-1] if names else "",
                "state_province": names[0] if names else "",
                "postal_code": "",
                "country": "CN",
                "address_type": "physical",
            }
        ]
    }


def service_at_location(agency: Agency, gazetteer: Gazetteer) -> Row:
    """The link between a service and its location."""
    return {
        "id": identifier("service_at_location", agency.id),
        "service_id": identifier("service", agency.id),
        "location": location(agency, gazetteer),
    }


def page(shown: list[Row], many: int | None = None, number: int = 1, size: int | None = None) -> Row:
    """A page of things as the HSDS API shows it: of so `many`, `size` a page; all on one without them."""
    many = len(shown) if many is None else many
    pages = max(1, -(-many // (size or max(1, many))))
    return {
        "total_items": many,
        "total_pages": pages,
        "page_number": number,
        "size": len(shown),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not shown,
        "contents": shown,
    }


def tables(agencies: Iterable[Agency], gazetteer: Gazetteer, at: datetime) -> Mapping[str, list[Row]]:
    """The tabular data package: a list of rows for each file."""
    made: dict[str, list[Row]] = {}
    for one in services(agencies, gazetteer, at):
        _spread(one, made)
    return made


def _spread(one: Row, made: dict[str, list[Row]]) -> None:
    """One full service, taken apart into rows that name one another."""
    own = one["id"]
    plain = {name: value for name, value in one.items() if not isinstance(value, (list, dict))}
    _add(made, "organizations.csv", one["organization"])
    _add(made, "services.csv", plain | {"organization_id": one["organization"]["id"]})
    for link in one["service_at_locations"]:
        place = {name: value for name, value in link["location"].items() if name != "addresses"}
        _add(made, "locations.csv", place)
        for address in link["location"].get("addresses", ()):
            _add(made, "addresses.csv", address | {"location_id": place["id"]})
        _add(made, "service_at_location.csv", {"id": link["id"], "service_id": own, "location_id": place["id"]})
    for name in ("phones", "schedules", "service_areas", "languages"):
        for row in one[name]:
            _add(made, f"{name}.csv", row | {"service_id": own})
    for attribute in one["attributes"]:
        term = attribute["taxonomy_term"]
        flat = {name: value for name, value in attribute.items() if name != "taxonomy_term"}
        _add(made, "attributes.csv", flat | {"taxonomy_term_id": term["id"]})
        _add(made, "taxonomy_terms.csv", term)


def _add(made: dict[str, list[Row]], file: str, row: Row) -> None:
    rows = made.setdefault(file, [])
    if file != "taxonomy_terms.csv" or row not in rows:
        rows.append(row)


def gathered(package: Mapping[str, list[Row]]) -> Iterator[Row]:
    """A tabular package put together again: a full service for each row of `services.csv`."""
    by_service: dict[str, dict[str, list[Row]]] = {}
    for name in ("phones", "schedules", "service_areas", "languages"):
        for row in package.get(f"{name}.csv", ()):
            by_service.setdefault(row.get("service_id", ""), {}).setdefault(name, []).append(row)
    terms = {term["id"]: term for term in package.get("taxonomy_terms.csv", ())}
    for row in package.get("attributes.csv", ()):
        attribute = {**row, "taxonomy_term": terms.get(row.get("taxonomy_term_id", ""), {})}
        by_service.setdefault(row.get("link_id", ""), {}).setdefault("attributes", []).append(attribute)
    organizations = {row["id"]: row for row in package.get("organizations.csv", ())}
    for row in package.get("services.csv", ()):
        yield {
            **row,
            **by_service.get(row["id"], {}),
            "organization": organizations.get(row.get("organization_id", ""), {}),
        }


def row(one: Mapping[str, Any], kind: str = "", place: str = "", phone: str = "") -> dict[str, str]:
    """The row of a directory table that a full service makes.

    One that is not ours gets an id of its own; whose matter it is (`kind`) and whom it serves (`place`) must then be given, and a
    `phone` for one that has none.
    """
    own = {
        term["code"]: str(attribute.get("value") or "")
        for attribute in one.get("attributes") or ()
        if (term := attribute.get("taxonomy_term") or {}).get("taxonomy") == TAXONOMY
    }
    areas = [area.get("extent") or "" for area in one.get("service_areas") or () if area.get("extent_type") == AREA]
    phones = [
        phone["number"]
        for phone in (one.get("phones") or (one.get("organization") or {}).get("phones") or ())
        if phone.get("number")
    ]
    told = {
        "id": f"hsds-{one.get('id', '')}",
        "service": kind,
        "place": areas[0] if areas else place,
        "name_zh": str(one.get("name") or ""),
        "name_en": str(one.get("alternate_name") or one.get("name") or ""),
        "phone": str(phones[0]) if phones else phone,
        "fictional": "no",
        "accepts": str(one.get("eligibility_description") or ""),
        "languages": " ".join(str(each["code"]) for each in one.get("languages") or () if each.get("code")),
        "assured": str(one.get("assured_date") or ""),
    }
    return told | own


def _phone(agency: Agency) -> Row:
    return {"id": identifier("phone", agency.id), "number": agency.phone, "type": "voice"}


def _spans(agency: Agency) -> Iterator[Row]:
    """Opening hours as iCalendar rules; the country's workdays are Monday to Friday, and it is said that holidays are not."""
    if agency.hours.written == ROUND_THE_CLOCK:
        yield {"byday": ",".join(_ICAL), "opens_at": "00:00", "closes_at": "24:00"}
    for period in agency.hours.periods:
        yield _span(period)


def _span(period: Period) -> Row:
    days = range(5) if period.days is None else sorted(period.days)
    said = {"description": "workdays of the country, without public holidays"} if period.days is None else {}
    closes = "24:00" if period.closes.microsecond else period.closes.isoformat("minutes")
    return {
        "byday": ",".join(_ICAL[day] for day in days),
        "opens_at": period.opens.isoformat("minutes"),
        "closes_at": closes,
        **said,
    }


def _schedule(agency: Agency, number: int, span: Row) -> Row:
    return {"id": identifier("schedule", f"{agency.id}/{number}"), "freq": "WEEKLY", "timezone": 8, **span}


def _attribute(agency: Agency, name: str, value: str) -> Row:
    return {
        "id": identifier("attribute", f"{agency.id}/{name}"),
        "link_id": identifier("service", agency.id),
        "link_entity": "service",
        "value": value,
        "taxonomy_term": {
            "id": identifier("term", name),
            "code": name,
            "name": name,
            "description": f"{name} of an entry of Rightdoor's directory",
            "taxonomy": TAXONOMY,
        },
    }
