"""What cannot be proved: rows that rest on a text nobody could read. Listed with every check, and no finding."""

from __future__ import annotations

from collections.abc import Iterator

from bot.decisions import Policy


def unverified_rows(policy: Policy) -> Iterator[str]:
    """`rules/situations/divorce.yml:44: R02a rests on 法发〔2014〕24号 全文, which nobody could check`, a line a row."""
    for row in policy.rows:
        if row.unverified:
            cited = ", ".join(f"{one.law} {one.article}" for one in row.unverified)
            yield f"{row.where}: {row.id} rests on {cited}, which nobody could check"
