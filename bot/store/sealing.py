"""Sealing: words and identities are encrypted before they reach a table, and found again through keyed blind indexes.

AES-256-GCM with one data key per contact, per case and per staff member; data keys are wrapped by the master key and
live in a key store of their own, so that destroying a key erases everything sealed with it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import StoreUnavailableError

NONCE = 12  # bytes, NIST SP 800-38D
KEY = 32  # bytes, AES-256


@dataclass(frozen=True, slots=True)
class Seal:
    """One data key. `context` (table and row) is bound to the ciphertext, so that it cannot be moved to another row."""

    cipher: AESGCM = field(repr=False)

    def close(self, value: Mapping[str, Any], context: str) -> bytes:
        """A JSON object as ciphertext."""
        nonce = secrets.token_bytes(NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return nonce + self.cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> dict[str, Any]:
        """The JSON object again; raises `StoreUnavailableError` for another key or row than it was sealed for."""
        try:
            plain = self.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
        except InvalidTag as error:
            raise StoreUnavailableError(
                "a sealed row does not open: it was changed, or moved from another row"
            ) from error
        found: dict[str, Any] = json.loads(plain)
        return found


class MasterKey:
    """Wraps data keys and derives the blind indexes' keys (HKDF, RFC 5869). 32 bytes, never shown."""

    def __init__(self, key: bytes) -> None:
        self._wrapping = AESGCM(_derive(key, b"wrap"))
        self._blinding = _derive(key, b"blind")
        self._sharing = _derive(key, b"share")

    def wrap(self, key: bytes, owner: str) -> bytes:
        """A data key as it is stored; `owner` is the id of the contact, case or staff member it belongs to."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._wrapping.encrypt(nonce, key, owner.encode())

    def unwrap(self, wrapped: bytes, owner: str) -> Seal:
        """The stored data key, ready for use. Raises `StoreUnavailableError` when this master key did not wrap it."""
        try:
            key = self._wrapping.decrypt(wrapped[:NONCE], wrapped[NONCE:], owner.encode())
        except InvalidTag as error:
            raise StoreUnavailableError("the master key does not fit this database") from error
        return Seal(AESGCM(key))

    def secret(self, purpose: str, value: str) -> str:
        """A secret to be shared with somebody, the same for the same value; nothing has to be stored for it."""
        return hmac.new(self._sharing, f"{purpose}\0{value}".encode(), sha256).hexdigest()

    def blind(self, purpose: str, value: str) -> str:
        """A keyed index of `value`: the same for the same value, telling nothing of it (HMAC-SHA-256)."""
        return hmac.new(self._blinding, f"{purpose}\0{value}".encode(), sha256).hexdigest()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=b"rightdoor " + purpose).derive(key)
