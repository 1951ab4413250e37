"""The 16-digit receipt code a family holds: 15 random digits and a check digit (Luhn, ISO/IEC 7812-1) that notices a slip."""

from __future__ import annotations

import re
import secrets

_SIXTEEN = re.compile(r"(?<!\d)(?:\d[ -]?){15}\d(?!\d)")


def new_receipt() -> str:
    """Sixteen digits nobody can guess: 10¹⁵ possibilities."""
    body = f"{secrets.randbelow(10**15):015d}"
    return body + str(_check_digit(body))


def find_receipt(text: str) -> str | None:
    """The receipt code in what somebody wrote, blanks and dashes allowed, or None. A wrong check digit is not a code."""
    found = _SIXTEEN.search(text)
    digits = re.sub(r"\D", "", found.group()) if found else ""
    return digits if digits and digits[-1] == str(_check_digit(digits[:-1])) else None


def spaced(receipt: str) -> str:
    """`1234 5678 9012 3456`: read easily, also by a screen reader."""
    return " ".join(receipt[i : i + 4] for i in range(0, 16, 4))


def _check_digit(body: str) -> int:
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(body))]
    return -sum(sum(divmod(d, 10)) for d in doubled) % 10
