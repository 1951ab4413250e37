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
    """The sheets of one transaction. A sheet is its history played again: answers, mentions, steps back, doubts, new starts."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def sheet(self, case_id: str) -> Sheet:
        """What is known now. Cost: one row read and opened for each message that told something.

        Rows of the kinds `answer` and `mention`, one for each, are from earlier versions.
        """
        seal = self._tx.ring.of(case_id)
        sheet, told = Sheet(), list[Answer]()
        for row in self._tx.db.execute(_HISTORY, {"wanted": case_id}):
            body = seal.open(row.body, f"answers/{case_id}") if row.body else {}
            match row.kind:
                case "restart":
                    sheet, told = Sheet(), []
                case "back":
                    sheet, told = sheet.with_answers(told).without_last(), []
                case "doubt":
                    sheet, told = sheet.with_answers(told).doubted(), []
                case "mention":
                    sheet = sheet.with_mention(body["fact"], body["child"])
                case "answer":
                    told.append(_heard([body["fact"], body["child"], body["value"], body["source"]], row.at))
                case _:
                    told += (_heard(said, row.at) for said in body["answers"])
                    for fact, child in body["mentions"]:
                        sheet = sheet.with_mention(fact, child)
        return sheet.with_answers(told)

    def append(
        self, case_id: str, told: Iterable[Answer], mentions: Iterable[tuple[str, int | None]], at: datetime
    ) -> None:
        """Adds answers and mentions, as one row; a child is recorded when it is first spoken of."""
        told, mentions = tuple(told), tuple(mentions)
        answered = [[answer.fact, answer.child, answer.value, answer.source.value] for answer in told]
        spoken = [[fact, child] for fact, child in mentions]
        if answered or spoken:
            body = self._tx.ring.of(case_id).close({"answers": answered, "mentions": spoken}, f"answers/{case_id}")
            self._tx.db.execute(_NEW, _row(case_id, "told", at) | {"body": body})
            children_of = {answer.child for answer in told} | {child for _, child in mentions}
            self._know(case_id, {child for child in children_of if child is not None}, at)

    def back(self, case_id: str, at: datetime) -> None:
        """Takes the last answer back; it stays in the history."""
        self._tx.db.execute(_NEW, _row(case_id, "back", at))

    def doubt(self, case_id: str, at: datetime) -> None:
        """Nothing that was only read counts any longer; it stays in the history."""
        self._tx.db.execute(_NEW, _row(case_id, "doubt", at))

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


def _heard(said: list[Any], at: datetime) -> Answer:
    fact, child, value, source = said
    return Answer(fact, child, value, Source(source), at)


def _row(case_id: str, kind: str, at: datetime) -> dict[str, Any]:
    return {"case_id": case_id, "kind": kind, "body": None, "at": at}
