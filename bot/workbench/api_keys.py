"""`rightdoor keys`: which programs may use the HTTP API, in whose name, for what."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table

from bot.errors import InputError, did_you_mean
from bot.turns import Turns

MAY = ("read", "details", "move", "call")


def make(turns: Turns, staff: str, may: str) -> str:
    """A new key. Raises `InputError` for an unknown person or scope."""
    wanted = [word.strip() for word in may.split(",") if word.strip()]
    for word in wanted or [""]:
        if word not in MAY:
            raise InputError(f"a key may {', '.join(MAY)}, not {word!r}{did_you_mean(word, MAY)}")
    with turns.services.store.work() as work:
        if work.staff.get(staff) is None:
            raise InputError(f"no staff member {staff!r}; `rightdoor enrol` makes a code for one")
        return work.api_keys.make(staff, wanted, turns.services.clock())


def show(turns: Turns, out: Console, *, as_json: bool) -> None:
    """Every good key, without the key itself."""
    with turns.services.store.read() as work:
        known = work.api_keys.all()
    if as_json:
        for key in known:
            used = key.used.isoformat() if key.used else None
            record = {
                "id": key.id,
                "staff": key.staff,
                "may": sorted(key.may),
                "created": key.created.isoformat(),
                "used": used,
            }
            out.file.write(json.dumps(record) + "\n")
        return
    table = Table("id", "staff", "may", "created", "used")
    for key in known:
        used = f"{key.used:%Y-%m-%d}" if key.used else "never"
        table.add_row(key.id, key.staff, ", ".join(sorted(key.may)), f"{key.created:%Y-%m-%d}", used)
    out.print(table)


def revoke(turns: Turns, key: str) -> None:
    """Raises `InputError` when there is no such key."""
    with turns.services.store.work() as work:
        if not work.api_keys.revoke(key, turns.services.clock()):
            raise InputError(f"no key {key!r}; `rightdoor keys list` shows them")
