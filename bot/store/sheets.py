"""Fact sheets: answers about the family and about each child, appended and never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.facts import Answer, Sheet, Source
from bot.store.cases import Cases
from bot.store.tables import answers, children


class Sheets:
    """The sheets of one transaction. A sheet is its history played again: answers, mentions, steps back, fresh starts."""

    def __init__(self, connection: Connection, cases: Cases) -> None:
        self._db = connection
        self._cases = cases

    def sheet(self, case_id: str) -> Sheet:
        """What is known now. Cost: one row read and opened for each answer ever given."""
        seal = self._cases.seal_of(case_id)
        sheet = Sheet()
        for row in self._db.execute(select(answers).where(answers.c.case_id == case_id).order_by(answers.c.seq)):
            if row.kind == "restart":
                sheet = Sheet()
            elif row.kind == "back":
                sheet = sheet.without_last()
            elif row.kind == "mention":
                sheet = sheet.with_mention(row.fact, row.child)
            else:
                body = seal.open(row.body, f"answers/{case_id}/{row.fact}")
                sheet = sheet.with_answer(Answer(row.fact, row.child, body["value"], Source(body["source"]), row.at))
        return sheet

    def append(self, case_id: str, told: Iterable[Answer], mentions: Iterable[tuple[str, int | None]], at: datetime) -> None:
        """Adds answers and mentions; a child is recorded when it is first spoken of."""
        seal = self._cases.seal_of(case_id)
        rows = [
            self._row(case_id, a.fact, a.child, "answer", at)
            | {"body": seal.close({"value": a.value, "source": a.source.value}, f"answers/{case_id}/{a.fact}")}
            for a in told
        ]
        rows += [self._row(case_id, fact, child, "mention", at) for fact, child in mentions]
        if rows:
            self._db.execute(insert(answers), rows)
            self._know(case_id, {row["child"] for row in rows if row["child"] is not None}, at)

    def back(self, case_id: str, at: datetime) -> None:
        """Takes the last answer back; it stays in the history."""
        self._db.execute(insert(answers).values(self._row(case_id, "", None, "back", at)))

    def restart(self, case_id: str, at: datetime) -> None:
        """Nothing said so far counts any longer; it stays in the history."""
        self._db.execute(insert(answers).values(self._row(case_id, "", None, "restart", at)))

    @staticmethod
    def _row(case_id: str, fact: str, child: int | None, kind: str, at: datetime) -> dict[str, object]:
        return {"case_id": case_id, "child": child, "fact": fact, "kind": kind, "body": None, "at": at}

    def _know(self, case_id: str, spoken_of: set[object], at: datetime) -> None:
        known = set(self._db.execute(select(children.c.child).where(children.c.case_id == case_id)).scalars())
        fresh = [{"case_id": case_id, "child": child, "created": at} for child in spoken_of - known]
        if fresh:
            self._db.execute(insert(children), fresh)
