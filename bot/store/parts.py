"""A part as a row: what routing and deadlines need is in clear, what was decided about the family is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.decisions import Risk
from bot.errors import ConflictError
from bot.referrals import Owner, Part, Ruled, Status
from bot.store.sealing import Seal
from bot.store.tables import parts
from bot.store.transaction import Transaction

OF_CASE = select(parts).where(parts.c.case_id == bindparam("wanted")).order_by(parts.c.position)
_NEW = insert(parts)
_SAVE = update(parts).where(parts.c.id == bindparam("wanted"), parts.c.revision == bindparam("read"))


def write(transaction: Transaction, case_id: str, position: int, part: Part, known: Part | None) -> Part:
    """Writes a part unless it stands there already (`known`); raises `ConflictError` when it was changed meanwhile."""
    if known and replace(known, revision=part.revision) == part:
        return known
    saved = replace(part, revision=part.revision + 1)
    row = _row(saved, transaction.ring.of(case_id)) | {"case_id": case_id, "position": position}
    if known is None:
        transaction.db.execute(_NEW, row | {"id": part.id})
    elif transaction.db.execute(_SAVE, row | {"wanted": part.id, "read": part.revision}).rowcount != 1:
        raise ConflictError(f"part {part.id} was changed meanwhile")
    return saved


def read(row: Row[Any], seal: Seal) -> Part:
    """The part of a row."""
    body = seal.open(row.body, f"parts/{row.id}")
    return Part(
        id=row.id,
        for_whom=row.for_whom,
        child=row.child,
        lead=row.lead,
        level=row.level,
        owner=Owner(row.agency, row.staff),
        status=Status(row.status),
        risk=Risk(row.risk),
        also=tuple(body["also"]),
        first_action=body["first_action"],
        rows=tuple(body["rows"]),
        created=row.created,
        act_by=row.act_by,
        deadline=row.deadline,
        since=row.since,
        remind_at=row.remind_at,
        awaiting=row.awaiting,
        avoid=tuple(body.get("avoid", ())),
        ruled=_ruled(body.get("ruled")),
        merged=body.get("merged"),
        shared=bool(body.get("shared")),
        revision=row.revision,
    )


def _ruled(kept: Mapping[str, Any] | None) -> Ruled | None:
    return Ruled(kept["lead"], Risk(kept["risk"])) if kept else None


def _row(part: Part, seal: Seal) -> dict[str, Any]:
    decided: dict[str, Any] = {
        "first_action": part.first_action,
        "rows": part.rows,
        "also": part.also,
        "avoid": part.avoid,
    }
    if part.ruled:
        decided["ruled"] = {"lead": part.ruled.lead, "risk": int(part.ruled.risk)}
    if part.merged:
        decided["merged"] = part.merged
    if part.shared:
        decided["shared"] = True
    return {
        "for_whom": part.for_whom,
        "child": part.child,
        "lead": part.lead,
        "level": part.level,
        "agency": part.owner.agency,
        "staff": part.owner.staff,
        "status": part.status.value,
        "risk": int(part.risk),
        "body": seal.close(decided, f"parts/{part.id}"),
        "created": part.created,
        "act_by": part.act_by,
        "deadline": part.deadline,
        "revision": part.revision,
        "since": part.since,
        "remind_at": part.remind_at,
        "awaiting": part.awaiting,
        "wake": part.wake,
    }
