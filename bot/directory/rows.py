"""One row of a directory table: what its columns may hold, every mistake in it, and the agency it makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from bot.directory.agency import Agency, Kept
from bot.directory.hours import Hours
from bot.directory.postbox import check_postbox
from bot.errors import DirectoryError, Where, did_you_mean
from bot.places import Gazetteer

COLUMNS = ("id", "service", "place", "name_zh", "name_en", "phone", "fictional")
# A table may have these as well: how an agency is written to whose people are not on Telegram, and what else is known of it.
POSTBOX = ("email", "webhook")
MORE = (
    "address", "hours", "languages", "accepts", "capacity", "owner", "source", "assured", "expires", "until", "successor",
)  # fmt: skip
KNOWN = COLUMNS + POSTBOX + MORE
_NEEDED = ("id", "service", "name_zh", "name_en", "phone")
_DATES = ("assured", "expires", "until")
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


def check_columns(columns: Collection[str]) -> Iterator[tuple[str, str]]:
    """Columns that are missing, unknown or there twice, each with what is wrong."""
    for column in COLUMNS:
        if column not in columns:
            yield column, f"the column {column} is missing; the columns are {', '.join(COLUMNS)}"
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            yield column, f"the column {column} is there twice"
        elif column not in KNOWN:
            yield column, f"unknown column {column!r}{did_you_mean(column, KNOWN)}"
        seen.add(column)


def mistakes(
    row: Mapping[str, str | None], gazetteer: Gazetteer, services: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a row: column and reason."""
    given = cleaned(row)
    yield from ((column, f"{column} is empty") for column in _NEEDED if not given[column])
    yield from _wrong_words(given, gazetteer, services)
    yield from _wrong_address(given)
    yield from _wrong_numbers(given)
    yield from _wrong_succession(given)


def _wrong_words(
    given: Mapping[str, str], gazetteer: Gazetteer, services: Collection[str]
) -> Iterator[tuple[str, str]]:
    if given["id"] and not _ID.fullmatch(given["id"]):
        yield "id", f"an id has letters, digits, - and _ only, at most 64 of them: not {given['id']!r:.80}"
    if given["service"] and given["service"] not in services:
        yield "service", f"unknown service {given['service']!r}{did_you_mean(given['service'], services)}"
    if given["place"] and gazetteer.get(given["place"]) is None:
        yield "place", _no_place(given["place"], gazetteer)
    if given["fictional"] not in ("yes", "no"):
        yield "fictional", f"fictional is yes or no, not {given['fictional']!r}"


def _wrong_address(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    try:
        check_postbox(given["email"], given["webhook"], Where(""))
    except DirectoryError as error:
        yield "email" if given["email"] else "webhook", error.message


def _wrong_numbers(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    try:
        Hours.parse(given["hours"])
    except ValueError as error:
        yield "hours", str(error)
    if given["capacity"] and not (given["capacity"].isdecimal() and int(given["capacity"]) > 0):
        yield "capacity", f"capacity is a number of open referrals, not {given['capacity']!r}"
    for column in _DATES:
        if given[column] and _date(given[column]) is None:
            yield column, f"{column} is a date like 2026-12-31, not {given[column]!r}"
    assured, expires = _date(given["assured"]), _date(given["expires"])
    if assured and expires and expires < assured:
        yield "expires", f"it expires ({expires}) before it was assured ({assured})"


def _wrong_succession(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if given["successor"] and not given["until"]:
        yield "until", "whoever has a successor has a last day"
    if given["successor"] and given["successor"] == given["id"]:
        yield "successor", "nobody succeeds themselves"


def agency_of(row: Mapping[str, str | None], where: Where, gazetteer: Gazetteer, services: Collection[str]) -> Agency:
    """The agency of a row. Raises `DirectoryError` for the first mistake."""
    for _, said in mistakes(row, gazetteer, services):
        raise DirectoryError(said, where)
    given = cleaned(row)
    return Agency(
        id=given["id"],
        service=given["service"],
        place=given["place"],
        name={"zh": given["name_zh"], "en": given["name_en"]},
        phone=given["phone"],
        fictional=given["fictional"] == "yes",
        email=given["email"],
        webhook=given["webhook"],
        address=given["address"],
        hours=Hours.parse(given["hours"]),
        languages=tuple(given["languages"].replace("，", ",").replace(",", " ").split()),
        accepts=given["accepts"],
        capacity=int(given["capacity"]) if given["capacity"] else None,
        until=_date(given["until"]),
        successor=given["successor"],
        kept=Kept(given["owner"], given["source"], _date(given["assured"]), _date(given["expires"])),
    )


def row_of(agency: Agency) -> dict[str, str]:
    """The row that makes this agency: the reverse of `agency_of`."""
    return {
        "id": agency.id,
        "service": agency.service,
        "place": agency.place,
        "name_zh": agency.name["zh"],
        "name_en": agency.name["en"],
        "phone": agency.phone,
        "fictional": "yes" if agency.fictional else "no",
        "email": agency.email,
        "webhook": agency.webhook,
        "address": agency.address,
        "hours": agency.hours.written,
        "languages": " ".join(agency.languages),
        "accepts": agency.accepts,
        "capacity": str(agency.capacity or ""),
        "owner": agency.kept.owner,
        "source": agency.kept.source,
        "assured": _written(agency.kept.assured),
        "expires": _written(agency.kept.expires),
        "until": _written(agency.until),
        "successor": agency.successor,
    }


def cleaned(row: Mapping[str, str | None]) -> dict[str, str]:
    """Every column that there can be, without blanks around."""
    return {column: (row.get(column) or "").strip() for column in KNOWN}


def _no_place(code: str, gazetteer: Gazetteer) -> str:
    """What to say of a code that is none: another is meant when it was one before, or its township is known."""
    if today := gazetteer.today(code):
        return f"no division has the code {code!r} any more; today it is {today.code} ({today.full_name})"
    above = next((p for digits in (9, 6, 4, 2) if digits < len(code) and (p := gazetteer.get(code[:digits]))), None)
    hint = f"; below {above.full_name} ({above.code}) there is none of that number" if above else ""
    return f"no division has the code {code!r}{hint}"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""
