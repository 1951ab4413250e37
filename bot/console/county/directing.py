"""The directory on pages: everybody reads it, an administrator proposes a change, somebody else who may decides."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.calendar import CHINA
from bot.channels.http import not_found
from bot.console.facade import Look
from bot.console.pages import Asking, Form, Pages
from bot.directory import Agency
from bot.directory.agency import SOON
from bot.directory.rows import row_of
from bot.errors import InputError
from bot.referrals import Role
from bot.store import StaffMember, Work
from bot.store.amendments import Proposed

PROPOSES = frozenset({Role.ADMINISTRATOR})
DECIDES = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
FIELDS = ("name_zh", "name_en", "phone")
HOLDS_FOR = timedelta(days=365)  # an entry that was assured


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal as it is shown: what stands there now, and what would."""

    id: str
    before: str
    after: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Worn:
    """An entry to be assured; `over`: nobody is led there any more until it is."""

    agency: Agency
    over: bool


@dataclass(frozen=True, slots=True)
class Directing(Pages):
    """The handlers; `renew` makes the service work with the directory as it is approved."""

    renew: Callable[[], object]

    async def directory(self, request: Request) -> Response:
        """Every agency of this county, and what waits for a decision."""
        return await self._shown(request)

    async def propose(self, request: Request) -> Response:
        """A change, an agency more, or one less: nothing happens until somebody else approves it."""
        asking, form = await self.acting(request)
        if asking.person.role not in PROPOSES:
            raise not_found()

        def act(work: Work) -> None:
            agency, row = self._wanted(asking.person, form)
            now = self.services().clock()
            work.amendments.propose(agency, asking.person.county, row, asking.person.id, now)
            work.audit.add(asking.person.id, "propose_change", agency[:64], asking.person.county, now)

        return await self._acted(request, asking, act)

    async def decide(self, request: Request, change_id: str) -> Response:
        """Approves or refuses; never one's own."""
        asking, form = await self.acting(request)
        if asking.person.role not in DECIDES:
            raise not_found()
        approved = form.get("approve") == "1"

        def act(work: Work) -> None:
            now = self.services().clock()
            found = [each for each in work.amendments.waiting(asking.person.county) if each.id == change_id]
            if not found or not work.amendments.decide(change_id, asking.person.id, now, approved=approved):
                raise InputError("another person decides, once")
            action = "approve_change" if approved else "refuse_change"
            work.audit.add(asking.person.id, action, found[0].agency[:64], asking.person.county, now)

        return await self._acted(request, asking, act, then=self.renew if approved else None)

    # --- how --------------------------------------------------------------------------------------------------

    async def _acted(
        self, request: Request, asking: Asking, act: Callable[[Work], None], then: Callable[[], object] | None = None
    ) -> Response:
        """What somebody does in one transaction, `then` what follows from it, and the directory as it stands."""

        def once() -> str:
            try:
                with self.services().store.work() as work:
                    act(work)
            except InputError as error:
                return str(error)
            if then:
                then()
            return ""

        trouble = await run_in_threadpool(once)
        return await self._shown(request, asking, trouble)

    async def _shown(self, request: Request, asking: Asking | None = None, trouble: str = "") -> Response:
        def look(work: Work, who: Asking, _: list[Look]) -> dict[str, Any]:
            return {
                "agencies": tuple(sorted(self._ours(who.person), key=lambda each: (each.place, each.service, each.id))),
                "worn": self._worn(who.person),
                "changes": tuple(self._change(each, who) for each in work.amendments.waiting(who.person.county)),
                "services": self.services().policy.base.words.labels["services"],
                "proposes": who.person.role in PROPOSES,
                "decides": who.person.role in DECIDES,
                "trouble": trouble,
            }

        return await self.shown(request, "directory.html", look, asking, 409 if trouble else 200)

    def _ours(self, person: StaffMember) -> list[Agency]:
        agencies = self.services().directory.agencies
        return [each for each in agencies if not person.county or each.place[:6] == person.county]

    def _worn(self, person: StaffMember) -> tuple[Worn, ...]:
        """Entries of theirs that have expired or soon will: they are to be assured."""
        now = self.services().clock()
        near = (each for each in self._ours(person) if each.expired(now + SOON))
        found = sorted(near, key=lambda each: (each.kept.expires, each.id))
        return tuple(Worn(each, over=each.expired(now)) for each in found)

    def _wanted(self, person: StaffMember, form: Form) -> tuple[str, dict[str, str] | None]:
        """The agency and its row as proposed. Raises `InputError` for what could not stand in a directory."""
        services = self.services()
        known = {each.id: each for each in self._ours(person)}
        agency = known.get(form.get("agency", ""))
        if form.get("agency") and agency is None:
            raise InputError("there is no such agency in this county")
        if form.get("out") and agency:
            services.directory.without(agency.id)
            return agency.id, None
        if form.get("assure") and agency:
            today = services.clock().astimezone(CHINA).date()
            assured = {"assured": today.isoformat(), "expires": (today + HOLDS_FOR).isoformat()}
            return agency.id, row_of(agency) | assured
        row = {field: form.get(field, "").strip()[:120] for field in FIELDS}
        if (hours := form.get("hours")) is not None:
            row["hours"] = hours.strip()[:120]
        if agency:
            row |= {"id": agency.id, "service": agency.service, "place": agency.place}
            row["fictional"] = "yes" if agency.fictional else "no"
        else:
            row |= {"id": f"own-{secrets.token_hex(6)}", "service": form.get("service", ""), "fictional": "no"}
            row["place"] = self._place(form.get("place", ""), person)
        services.directory.with_row(row, services.gazetteer, services.policy.base.words.labels["services"])
        return row["id"], row

    def _place(self, text: str, person: StaffMember) -> str:
        gazetteer = self.services().gazetteer
        found = gazetteer.find(text, gazetteer.get(person.county) if person.county else None)
        if len(found) != 1 or (person.county and found[0].code[:6] != person.county):
            raise InputError(f"no one place of this county is called {text!r:.60}")
        return found[0].code

    def _change(self, proposed: Proposed, who: Asking) -> Change:
        now = self.services().directory.by_id.get(proposed.agency)
        before = _said(row_of(now)) if now else ""
        after = _said(proposed.row) if proposed.row else ""
        return Change(proposed.id, before, after, proposed.by == who.person.id)


def _said(row: Mapping[str, str]) -> str:
    """A row in one line, as far as it is shown."""
    return " · ".join(row[field] for field in (*FIELDS, "hours", "expires") if row.get(field))
