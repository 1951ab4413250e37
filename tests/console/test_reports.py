"""The report as a page: the same numbers as in the terminal, small ones hidden, and nothing of any family."""

from __future__ import annotations

from tests.console.conftest import Desk


def test_a_report_shows_rounded_numbers_as_a_picture_and_as_tables(desk: Desk) -> None:
    director = desk.signs_in("director")
    for _ in range(6):
        desk.world.family()
    page = director.get("/console/reports?lang=zh")
    assert page.status_code == 200
    assert "村（居）儿童主任" in page.text
    assert "data:image/svg+xml;base64," in page.text
    assert "<td>5</td>" in page.text, "six is shown as five"
    assert "<td>6</td>" not in page.text
    assert "不想带" not in page.text


def test_what_is_no_day_is_taken_for_the_last_year_and_an_empty_time_is_said(desk: Desk) -> None:
    director = desk.signs_in("director")
    desk.world.family()
    assert director.get("/console/reports?since=yesterday&until=<script>").status_code == 200
    assert "这段时间没有转介" in director.get("/console/reports?lang=zh&since=2020-01-01&until=2020-02-01").text
    assert director.get("/console/reports?since=2030-01-01&until=2020-01-01").status_code == 200


def test_without_signing_in_there_is_no_report(desk: Desk) -> None:
    with desk.browser() as nobody:
        assert nobody.get("/console/reports").status_code == 303
