"""Sealing: words and identities are encrypted before they reach a table, and found again through keyed blind indexes.

AES-256-GCM with one data key per contact, per case and per staff member; data keys are wrapped by the master key and
live in a key store of their own, so that destroying a key erases everything sealed with it.
"""

from __future__ import annotations

import hmac
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import StoreUnavailableError

# What bodies are full of, the most frequent last. Whatever was sealed needs it to be read: it is never changed, only
# followed by another under another name.
OFTEN = (
    '{"rows":[],"first_action":"","also":[]}{"moves":[],"engine":{"slots":{},"events":[],"latest_message":{"intent":'
    '{"name":"inform","confidence":1.0},"entities":[]}},"asked":null,"questions":0,"misunderstood":0,"carded":[],"told":[],'
    '"news":[],"language":"zh"}{"kind":"Press","payload":"/answer{\\"","offered":null}{"kind":"Text","text":""}'
    '{"risk":"medium","lead":"village_worker","parts":[{"for":"child","child":0,"risk":"medium","lead":"court_social_services",'
    '"also":["township_station","county_centre","womens_federation"],"first_action":"visit_home","act_within_minutes":4320}],'
    '"follow_up":"monthly_for_six_months","basis":[{"law":"中华人民共和国未成年人保护法","article":"第"},{"law":'
    '"中华人民共和国民法典","article":""}],"rows":["R01"],"settled":false,"ask":{"fact":"","child":null},"rules":""}'
    '{"fact":"child_with_now","child":0,"value":"unknown","source":"asked"}'
    '{"text":"","buttons":[{"title":"不知道","payload":"/answer{\\"concern_divorce\\":\\"unknown\\"}"},'
    '{"title":"不想说","payload":"/answer{\\"danger_screen\\":\\"refused\\"}"}],"ask_location":false,"hides":false}'
).encode()
NONCE = 12  # bytes, NIST SP 800-38D
KEY = 32  # bytes, AES-256


@dataclass(frozen=True, slots=True)
class Seal:
    """One data key. `context` (table and row) is bound to the ciphertext, so that it cannot be moved to another row."""

    cipher: AESGCM = field(repr=False)

    def close(self, value: Mapping[str, Any], context: str) -> bytes:
        """A JSON object as ciphertext."""
        nonce = secrets.token_bytes(NONCE)
        plain = packed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
        return nonce + self.cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> dict[str, Any]:
        """The JSON object again; raises `StoreUnavailableError` for another key or row than it was sealed for."""
        try:
            plain = self.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
        except InvalidTag as error:
            raise StoreUnavailableError(
                "a sealed row does not open: it was changed, or moved from another row"
            ) from error
        found: dict[str, Any] = json.loads(unpacked(plain))
        return found


def packed(plain: bytes) -> bytes:
    """Smaller, where that is so: what is sealed can no longer be made smaller by anybody else."""
    packer = zlib.compressobj(zdict=OFTEN)
    small = packer.compress(plain) + packer.flush()
    return small if len(small) < len(plain) else plain


def unpacked(stored: bytes) -> bytes:
    """The reverse. A JSON object begins with a brace, what was packed never does."""
    if stored.startswith(b"{"):
        return stored
    return zlib.decompressobj(zdict=OFTEN).decompress(stored)


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
