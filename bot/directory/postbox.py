"""An agency's address for machines: an e-mail address or a webhook."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.errors import DirectoryError, Where

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)*", re.ASCII)


def check_postbox(email: str, webhook: str, where: Where) -> None:
    """Raises `DirectoryError` for both at once, what is no address, or a webhook that would travel in clear."""
    if email and webhook:
        raise DirectoryError("an agency has an email or a webhook, not both", where)
    if email and not _EMAIL.fullmatch(email):
        raise DirectoryError(f"{email!r} is no e-mail address", where)
    if webhook and not _safe(webhook):
        raise DirectoryError(f"a webhook begins with https:// (http:// on this machine only), not {webhook!r}", where)


def is_loopback(host: str) -> bool:
    """Whether this is a name or number of this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _safe(webhook: str) -> bool:
    try:
        parts = urlsplit(webhook)
        host = parts.hostname or ""
    except ValueError:
        return False
    known = bool(host) and not parts.username and webhook.isprintable() and " " not in webhook
    return known and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
