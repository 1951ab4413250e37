"""An OpenID Connect provider on loopback: it signs whoever `who` is in at once, and can be told to lie."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from bot.settings import OidcSettings
from tests.channels.served import served
from tests.referrals.world import World

CLIENT, SECRET = "rightdoor", "one-secret"


@dataclass
class OwnProvider:
    """`lies` replaces claims of the token, `amr` says how somebody signed in there, `shown` is a key that signs nothing."""

    world: World | None = None
    address: str = ""
    who: str = "zhou"
    amr: list[str] = field(default_factory=lambda: ["pwd", "otp"])
    lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    shown: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    down: bool = False

    @property
    def settings(self) -> OidcSettings:
        return OidcSettings(issuer=self.address, client=CLIENT, secret=SECRET, name="Example")

    async def described(self) -> Response:
        if self.down:
            return Response("out of order", 503)
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return JSONResponse({"issuer": self.address} | {name: f"{self.address}/{at}" for name, at in paths.items()})

    async def keys(self) -> Response:
        return JSONResponse(KeySet([self.shown or self.key]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", 302)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = (
            asked is not None
            and request.headers.get("authorization") == f"Basic {basic}"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form.get("redirect_uri")
        )
        if not good or asked is None or self.world is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(self.world.now.timestamp())
        claims = {"iss": self.address, "sub": self.who, "aud": CLIENT, "iat": now, "exp": now + 300, "amr": self.amr}
        claims |= {"nonce": asked["nonce"]} | self.lies
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


@contextmanager
def provided() -> Iterator[OwnProvider]:
    provider = OwnProvider()
    router = APIRouter()
    router.add_api_route("/.well-known/openid-configuration", provider.described, methods=["GET"])
    router.add_api_route("/keys", provider.keys, methods=["GET"])
    router.add_api_route("/authorize", provider.authorize, methods=["GET"])
    router.add_api_route("/token", provider.token, methods=["POST"])
    with served(router) as address:
        provider.address = address
        yield provider
