"""The console's routes. Every page works without a script; every form carries a token of its session and the version it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from bot.channels.guard import GuardedRoute
from bot.channels.http import TakeTurn, not_found
from bot.channels.site import TYPES, Site
from bot.console import sessions
from bot.console.calls.answering import Calls
from bot.console.cases.guiding import Guiding
from bot.console.cases.working import Working
from bot.console.county.directing import Directing
from bot.console.county.managing import Managing
from bot.console.county.reporting import Reporting
from bot.console.county.ruling import Ruling
from bot.console.entrance.coming import Coming
from bot.console.entrance.oidc import Provider
from bot.console.entrance.own_accounts import OwnAccounts
from bot.console.live import Live
from bot.turns.services import Services

FOREVER = "public, max-age=31536000, immutable"
FOLDER = Path(__file__).parent


def console_router(
    services: Callable[[], Services],
    take_turn: TakeTurn,
    words: Path,
    renew: Callable[[], object] = lambda: None,
    stopping: Callable[[], bool] = lambda: False,
) -> APIRouter:
    """The routes; `services` gives what the service works with now, `words` is `data/console.yml`.

    `renew` makes it work with the directory as people have changed it; `stopping` says that the service is about to end, for
    pages that would never end by themselves.
    """
    site = Site.load(words, FOLDER)
    guide = Guiding(services, site, words.parent / "demo.yml")
    door, desk, calls = Coming(services, site), Working(services, site, take_turn, guide), Calls(services, site)
    live, rules, manage = Live(services, site, stopping), Ruling(services, site), Managing(services, site)

    report, oidc = Reporting(services, site), services().settings.oidc
    own = OwnAccounts(services, site, Provider(oidc) if oidc.issuer else None)
    agencies = Directing(services, site, renew)

    async def home() -> Response:
        return RedirectResponse(f"{sessions.PATH}/inbox", 303)

    async def static(version: str, name: str) -> Response:
        if name not in site.files or version != site.version:
            raise not_found("there is no such file")
        return Response(site.files[name], media_type=TYPES[Path(name).suffix], headers={"Cache-Control": FOREVER})

    router = APIRouter(route_class=GuardedRoute, include_in_schema=False, prefix=sessions.PATH)
    router.add_api_route("", home, methods=["GET"])
    router.add_api_route("/static/{version}/{name}", static, methods=["GET"])
    router.add_api_route("/sign-in", door.sign_in_page, methods=["GET"])
    router.add_api_route("/sign-in", door.sign_in, methods=["POST"])
    router.add_api_route("/sign-out", door.sign_out, methods=["POST"])
    router.add_api_route("/own", own.leave, methods=["GET"])
    router.add_api_route("/own/back", own.back, methods=["GET"])
    router.add_api_route("/join", door.join_page, methods=["GET"])
    router.add_api_route("/join", door.join, methods=["POST"])
    router.add_api_route("/inbox", desk.inbox, methods=["GET"])
    router.add_api_route("/guide", guide.guide, methods=["POST"])
    router.add_api_route("/case/{case_id}", desk.case, methods=["GET"])
    router.add_api_route("/case/{case_id}/sheet", desk.sheet, methods=["GET"])
    router.add_api_route("/calendar", desk.calendar, methods=["GET"])
    router.add_api_route("/case/{case_id}/details", desk.details, methods=["POST"])
    router.add_api_route("/part/{part_id}/move", desk.move, methods=["POST"])
    router.add_api_route("/reports", report.reports, methods=["GET"])
    router.add_api_route("/messages", desk.messages, methods=["GET"])
    router.add_api_route("/messages", desk.say, methods=["POST"])
    router.add_api_route("/directory", agencies.directory, methods=["GET"])
    router.add_api_route("/directory", agencies.propose, methods=["POST"])
    router.add_api_route("/directory/{change_id}", agencies.decide, methods=["POST"])
    router.add_api_route("/people", manage.people, methods=["GET"])
    router.add_api_route("/people", manage.invite, methods=["POST"])
    router.add_api_route("/people/{staff_id}/leave", manage.leaves, methods=["POST"])
    router.add_api_route("/audit", manage.log, methods=["GET"])
    router.add_api_route("/rules", rules.rules, methods=["GET"])
    router.add_api_route("/live", live.live, methods=["GET"])
    router.add_api_route("/calls", calls.calls, methods=["GET"])
    router.add_api_route("/calls", calls.begin, methods=["POST"])
    router.add_api_route("/call/{call_id}", calls.call, methods=["GET"])
    router.add_api_route("/call/{call_id}", calls.key, methods=["POST"])
    router.add_api_route("/call/{call_id}/take", calls.take, methods=["POST"])
    router.add_api_route("/call/{call_id}/hand", calls.hands, methods=["GET"])
    router.add_api_route("/call/{call_id}/end", calls.ending, methods=["GET"])
    return router
