"""`/hsds`: the directory as Open Referral HSDS 3, to be read. A page is cut before anything is put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Query

from bot.console.api.access import Access, Given, nothing
from bot.directory import Agency, hsds
from bot.places import Gazetteer
from bot.turns.services import Services

Page = Annotated[int, Query(ge=1, le=1_000_000)]
Size = Annotated[int, Query(ge=1, le=500)]
Uuid = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
Thing = dict[str, Any]


class DirectoryApi:
    """The handlers, synchronous: FastAPI runs each in a thread."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def hsds_services(self, given: Given, page: Page = 1, per_page: Size = 50, *, full: bool = False) -> Thing:
        """Every service; with `full` everything below it as well."""
        services = self._services(given)
        at = services.clock()

        def shown(agency: Agency, gazetteer: Gazetteer) -> Thing:
            whole = hsds.service(agency, gazetteer, at)
            return whole if full else {name: value for name, value in whole.items() if isinstance(value, str)}

        return self._page(services, shown, page, per_page)

    def hsds_service(self, service_id: Uuid, given: Given) -> Thing:
        """One service with everything below it."""
        services = self._services(given)
        at = services.clock()
        return self._one(services, "service", service_id, lambda agency, places: hsds.service(agency, places, at))

    def hsds_organizations(self, given: Given, page: Page = 1, per_page: Size = 50) -> Thing:
        """Every organization."""
        return self._page(self._services(given), lambda agency, _: hsds.organization(agency), page, per_page)

    def hsds_organization(self, organization_id: Uuid, given: Given) -> Thing:
        """One organization."""
        services = self._services(given)
        return self._one(services, "organization", organization_id, lambda agency, _: hsds.organization(agency))

    def hsds_locations(self, given: Given, page: Page = 1, per_page: Size = 50) -> Thing:
        """Every location."""
        return self._page(self._services(given), hsds.location, page, per_page)

    def hsds_location(self, location_id: Uuid, given: Given) -> Thing:
        """One location."""
        return self._one(self._services(given), "location", location_id, hsds.location)

    def hsds_service_at_locations(self, given: Given, page: Page = 1, per_page: Size = 50) -> Thing:
        """Every link between a service and its location."""
        return self._page(self._services(given), hsds.service_at_location, page, per_page)

    def hsds_service_at_location(self, link_id: Uuid, given: Given) -> Thing:
        """One link between a service and its location."""
        return self._one(self._services(given), "service_at_location", link_id, hsds.service_at_location)

    def _services(self, given: Given) -> Services:
        with self._access.work(given, "read"):
            return self._access.services()

    @staticmethod
    def _page(services: Services, make: Callable[[Agency, Gazetteer], Thing], number: int, size: int) -> Thing:
        agencies = services.directory.agencies
        shown = agencies[(number - 1) * size : number * size]
        return hsds.page([make(agency, services.gazetteer) for agency in shown], len(agencies), number, size)

    @staticmethod
    def _one(services: Services, kind: str, wanted: str, make: Callable[[Agency, Gazetteer], Thing]) -> Thing:
        for agency in services.directory.agencies:
            if hsds.identifier(kind, agency.id) == wanted:
                return make(agency, services.gazetteer)
        raise nothing("the directory has nothing of this id")
