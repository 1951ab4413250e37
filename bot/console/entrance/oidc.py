"""An agency's own accounts: OpenID Connect, the authorization code flow with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636).

What is sent and checked is the protocol's; who may come in is not decided here. Authlib makes and checks, httpx carries.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.errors import RightdoorError
from bot.settings import OidcSettings, is_public

SIGNED_WITH = ("RS256", "PS256", "ES256", "EdDSA")  # a key that only the issuer has; nothing shared, and never `none`
STRONG = frozenset({"mfa", "otp", "hwk", "sc", "fpt", "face"})  # RFC 8176: more than a password
PATIENCE = 10.0  # seconds for one answer
KNOWN_FOR = timedelta(hours=1)
SKEW = 60  # seconds that two clocks may differ


class ProviderError(RightdoorError):
    """The provider cannot be reached, or what it says does not hold."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is remembered while somebody is at the provider's: nobody else can come back in their place."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody the provider vouches for: `login` is one name for issuer and subject, `strong` with more than a password."""

    login: str
    strong: bool


@dataclass(slots=True)
class Provider:
    """One provider; what it says of itself is asked for once an hour."""

    settings: OidcSettings
    described: Mapping[str, Any] = field(default_factory=dict)
    keys: KeySet | None = None
    read: datetime | None = None

    def address(self, leaving: Leaving, back: str, at: datetime) -> str:
        """Where somebody signs in, and from where they are sent `back`. Raises `ProviderError`."""
        self._know(at)
        asked: str = prepare_grant_uri(
            self.described["authorization_endpoint"],
            self.settings.client,
            "code",
            redirect_uri=back,
            scope="openid",
            state=leaving.state,
            nonce=leaving.nonce,
            code_challenge=create_s256_code_challenge(leaving.verifier),
            code_challenge_method="S256",
        )
        return asked

    def who(self, code: str, leaving: Leaving, back: str, at: datetime) -> Identity:
        """Who came back with this code. Raises `ProviderError`."""
        self._know(at)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": leaving.verifier,
        }
        told = _json(_asked("POST", self.described["token_endpoint"], data=form, auth=self._ourselves()))
        claims = self._checked(str(told.get("id_token", "")), leaving.nonce, at)
        subject = f"{self.settings.issuer}\n{claims['sub']}"
        methods = claims.get("amr")
        strong = isinstance(methods, list) and not STRONG.isdisjoint(str(method) for method in methods)
        return Identity(f"oidc {sha256(subject.encode()).hexdigest()}", strong)

    def _checked(self, token: str, nonce: str, at: datetime) -> Mapping[str, Any]:
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client},
        }
        try:
            read = jwt.decode(token, self._keys(), algorithms=SIGNED_WITH)
            claims = CodeIDToken(read.claims, read.header, options, {"nonce": nonce, "client_id": self.settings.client})
            claims.validate(int(at.timestamp()), SKEW)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            self.read = None  # its keys may be new
            raise ProviderError(f"the provider's token does not hold: {type(error).__name__}") from error
        return dict(claims)

    def _ourselves(self) -> httpx.BasicAuth:
        return httpx.BasicAuth(self.settings.client, self.settings.secret)

    def _keys(self) -> KeySet:
        if self.keys is None:
            raise ProviderError("the provider has shown no keys")
        return self.keys

    def _know(self, at: datetime) -> None:
        """What the provider says of itself (OpenID Connect Discovery 1.0 §4). Raises `ProviderError`."""
        if self.read and timedelta() <= at - self.read < KNOWN_FOR:
            return
        issuer = self.settings.issuer
        described = _json(_asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
        if described.get("issuer") != issuer:
            raise ProviderError("the provider calls itself otherwise than config.yml does")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_public(str(described.get(endpoint, ""))):
                raise ProviderError(f"the provider's {endpoint} is not an https address")
        keys = _json(_asked("GET", described["jwks_uri"]))
        try:
            self.keys = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # whatever it is, it is checked there
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderError("the provider's keys cannot be read") from error
        self.described, self.read = described, at


def _asked(method: str, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401 – httpx's own
    try:
        return httpx.request(method, url, timeout=PATIENCE, **more).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderError(f"the provider does not answer: {type(error).__name__}") from error


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        told = response.json()
    except ValueError as error:
        raise ProviderError("the provider's answer is no JSON") from error
    if not isinstance(told, dict):
        raise ProviderError("the provider's answer is no object")
    return told
