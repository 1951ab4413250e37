"""Fact sheets: answers about the family and about each child, appended and never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from bot.facts import Answer, Sheet, Source
from bot.store.tables import answers, children
from bot.store.transaction import Transaction

_HISTORY = select(answers).where(answers.c.case_id == bindparam("wanted")).order_by(answers.c.seq)
_NEW = insert(answers)
_CHILDREN = select(children.c.child).where(children.c.case_id == bindparam("wanted"))


class Sheets:
    """The sheets of one transaction. A sheet is its history played again: answers, mentions, steps back, new starts."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def sheet(self, case_id: str) -> Sheet:
        """What is known now. Cost: one row read and opened for each answer ever given."""
        seal = self._tx.ring.of(case_id)
        sheet, told = Sheet(), list[Answer]()
        for row in self._tx.db.execute(_HISTORY, {"wanted": case_id}):
            body = seal.open(row.body, f"answers/{case_id}") if row.body else {}
            match row.kind:
                case "restart":
                    sheet, told = Sheet(), []
                case "back":
                    sheet, told = sheet.with_answers(told).without_last(), []
                case "mention":
                    sheet = sheet.with_mention(body["fact"], body["child"])
                case _:
                    told.append(Answer(body["fact"], body["child"], body["value"], Source(body["source"]), row.at))
        return sheet.with_answers(told)

    def append(
        self, case_id: str, told: Iterable[Answer], mentions: Iterable[tuple[str, int | None]], at: datetime
    ) -> None:
        """Adds answers and mentions; a child is recorded when it is first spoken of."""
        said = [("answer", _said(answer)) for answer in told]
        said += [("mention", {"fact": fact, "child": child}) for fact, child in mentions]
        if said:
            seal = self._tx.ring.of(case_id)
            rows = [_row(case_id, kind, at) | {"body": seal.close(body, f"answers/{case_id}")} for kind, body in said]
            self._tx.db.execute(_NEW, rows)
            self._know(case_id, {body["child"] for _, body in said if body["child"] is not None}, at)

    def back(self, case_id: str, at: datetime) -> None:
        """Takes the last answer back; it stays in the history."""
        self._tx.db.execute(_NEW, _row(case_id, "back", at))

    def restart(self, case_id: str, at: datetime) -> None:
        """Nothing said so far counts any longer; it stays in the history."""
        self._tx.db.execute(_NEW, _row(case_id, "restart", at))

    def _know(self, case_id: str, spoken_of: set[int], at: datetime) -> None:
        if not spoken_of:
            return
        known = set(self._tx.db.execute(_CHILDREN, {"wanted": case_id}).scalars())
        fresh = [{"case_id": case_id, "child": child, "created": at} for child in sorted(spoken_of - known)]
        if fresh:
            self._tx.db.execute(insert(children), fresh)


def _said(answer: Answer) -> dict[str, Any]:
    return {"fact": answer.fact, "child": answer.child, "value": answer.value, "source": answer.source.value}


def _row(case_id: str, kind: str, at: datetime) -> dict[str, Any]:
    return {"case_id": case_id, "kind": kind, "body": None, "at": at}
