"""Tables of a county clerk: everything that is wrong is told by its cell, and nothing is taken in until all is right."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from rich.console import Console

from bot.decisions import Policy
from bot.directory.rows import KNOWN
from bot.errors import DirectoryError, InputError
from bot.settings import load
from bot.workbench.directory.book import Book, Given
from bot.workbench.directory.packages import write_json
from bot.workbench.directory.sheets import MOST_ROWS, template, written
from tests.facts.vocabulary import PROJECT

HEAD = ("id", "service", "place", "name_zh", "name_en", "phone", "fictional", "hours", "expires")
GOOD = (
    "danyang-centre", "county_centre", "321181", "丹阳市中心（演示）", "Danyang centre (demo)", "0000-000-0100",
    "yes", "24h", "2027-12-31",
)  # fmt: skip
POLICY = Policy.load(PROJECT / "rules")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    folder = tmp_path / "directory"
    folder.mkdir()
    (folder / "county.csv").write_text(written([dict(zip(HEAD, ("there", *GOOD[1:]), strict=True))]), encoding="utf-8")
    monkeypatch.setenv("RIGHTDOOR_DIRECTORY", str(folder))
    return Book.open(PROJECT, load(), POLICY)


def sheet(file: Path, *rows: tuple[object, ...]) -> Path:
    made = Workbook()
    for row in (HEAD, *rows):
        made.worksheets[0].append(list(row))
    made.save(file)
    return file


def told(book: Book, file: Path, given: Given | None = None) -> str:
    """What the import says when it refuses; the folder is as it was."""
    before = {each.name: each.read_bytes() for each in book.folder.iterdir()}
    out = io.StringIO()
    with pytest.raises(DirectoryError) as refused:
        book.bring_in(file, given or Given(), Console(file=out, width=300))
    assert {each.name: each.read_bytes() for each in book.folder.iterdir()} == before
    return f"{out.getvalue()}{refused.value}"


def test_a_filled_in_template_is_taken_in(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "丹阳.xlsx"
    file.write_bytes(template(book.services, "zh"))
    filled = load_workbook(file)
    for column, value in zip(HEAD, GOOD, strict=True):
        filled.worksheets[0].cell(2, KNOWN.index(column) + 1, value)
    filled.save(file)
    to = book.bring_in(file, Given(), Console(file=io.StringIO()))
    assert to.name == "丹阳.csv"
    again = Book.open(PROJECT, load(), POLICY)
    assert again.directory.by_id["danyang-centre"].kept.expires == date(2027, 12, 31)
    assert again.directory.by_id["there"].phone == GOOD[5]


def test_numbers_and_dates_of_a_spreadsheet_are_read_as_they_are_meant(book: Book, tmp_path: Path) -> None:
    row = (
        "a",
        "court",
        321181,
        "甲",
        "A",
        12345678,
        "yes",
        None,
        datetime(2027, 12, 31, tzinfo=UTC).replace(tzinfo=None),
    )
    book.bring_in(sheet(tmp_path / "numbers.xlsx", row), Given(), Console(file=io.StringIO()))
    found = Book.open(PROJECT, load(), POLICY).directory.by_id["a"]
    assert (found.place, found.phone, found.kept.expires) == ("321181", "12345678", date(2027, 12, 31))


def test_every_mistake_is_told_by_its_cell_and_nothing_is_taken_in(book: Book, tmp_path: Path) -> None:
    rows = (
        ("a b", "cuort", "999999", "", "A", "", "maybe", "sometimes", "tomorrow"),
        ("b", "court", "321181", "乙", "B", "1", "yes", "24h", "2027-01-01"),
        ("b", "court", "371202", "丙", "C", "1", "yes", "", ""),
    )
    said = told(book, sheet(tmp_path / "wrong.xlsx", *rows))
    for cell, why in (
        ("A2", "an id has letters"), ("B2", "did you mean 'court'"), ("C2", "no division has the code '999999'"),
        ("D2", "name_zh is empty"), ("F2", "phone is empty"), ("G2", "fictional is yes or no"), ("H2", "write 24h"),
        ("I2", "a date like 2026-12-31"), ("A4", "'b' is in row 3 already"), ("C4", "today it is 370116"),
    ):  # fmt: skip
        assert any(line.startswith(f"{cell} ") and why in line for line in said.splitlines()), (cell, why, said)
    assert "10 cells are not right" in said


def test_an_export_comes_in_again_without_what_is_national(book: Book, tmp_path: Path) -> None:
    write_json(book.directory, book.gazetteer, datetime.now(UTC), tmp_path / "all.json")
    before = book.directory.by_id
    for file in book.folder.iterdir():
        file.unlink()
    book.bring_in(tmp_path / "all.json", Given(), Console(file=io.StringIO()))
    assert Book.open(PROJECT, load(), POLICY).directory.by_id == before


def test_an_agency_without_an_area_is_refused_and_not_taken_for_the_whole_country(book: Book, tmp_path: Path) -> None:
    assert "C2 place is empty" in told(book, sheet(tmp_path / "area.xlsx", (*GOOD[:2], "", *GOOD[3:])))


def test_a_village_in_the_wrong_township_is_told(book: Book, tmp_path: Path) -> None:
    said = told(
        book, sheet(tmp_path / "village.xlsx", ("v", "village_worker", "321182101999", "村", "V", "1", "yes", "", ""))
    )
    assert "C2" in said
    assert "below 江苏省镇江市扬中市新坝镇 (321182101) there is none of that number" in said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "holds no row|column id is missing"),
        (b"id,service\n", "A1|C1"),
        (",".join(HEAD).encode() + b"\n", "holds no row"),
        ((",".join((*HEAD, "colour")) + "\n" + ",".join((*GOOD, "red"))).encode(), "unknown column 'colour'"),
        ((",".join((*HEAD, "id")) + "\n" + ",".join((*GOOD, "x"))).encode(), "there twice"),
        ((",".join(HEAD) + "\n" + ",".join(GOOD)[:-3] + '"').encode(), r"I2|broken off"),
        (b"\xff\xfe\x00\x01\x02\xff\xff", "neither in UTF-8|no text|missing"),
        (b"PK\x03\x04 not a table\0\0", "no text|missing"),
    ],
)
def test_a_table_that_is_none_is_refused(book: Book, tmp_path: Path, raw: bytes, said: str) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(raw)
    assert any(one in told(book, file) for one in said.split("|"))


def test_a_table_in_gbk_is_read_as_its_clerk_meant_it(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_bytes((";".join(HEAD) + "\n" + ";".join(GOOD) + "\n").encode("gbk"))
    book.bring_in(file, Given(), Console(file=io.StringIO()))
    assert Book.open(PROJECT, load(), POLICY).directory.by_id[GOOD[0]].name["zh"] == GOOD[3]


def test_merged_cells_formulas_half_a_file_and_too_many_rows_are_refused(book: Book, tmp_path: Path) -> None:
    file = sheet(tmp_path / "merged.xlsx", GOOD)
    merged = load_workbook(file)
    merged.worksheets[0].merge_cells("D2:E2")
    merged.save(file)
    assert "merged cells (D2:E2)" in told(book, file)
    assert "a formula in F2" in told(book, sheet(tmp_path / "formula.xlsx", (*GOOD[:5], "=1+1", *GOOD[6:])))
    half = tmp_path / "half.xlsx"
    half.write_bytes(file.read_bytes()[:2000])
    assert "no whole spreadsheet" in told(book, half)
    many = tmp_path / "many.csv"
    many.write_text(",".join(HEAD) + "\n" + (",".join(GOOD) + "\n") * (MOST_ROWS + 2), encoding="utf-8")
    assert f"more than {MOST_ROWS:,} rows" in told(book, many)
    assert "is not there" in told(book, tmp_path / "none.xlsx")


def test_an_id_that_another_file_has_is_refused(book: Book, tmp_path: Path) -> None:
    assert "'there' is there twice" in told(book, sheet(tmp_path / "twice.xlsx", ("there", *GOOD[1:])))


def test_hsds_from_elsewhere_says_what_it_needs(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "foreign.json"
    file.write_text(
        '[{"id": "ac148810-d857-441c-9679-408f346de14b", "name": "心理辅导", "status": "active"}]', encoding="utf-8"
    )
    said = told(book, file)
    assert "service is empty" in said
    assert "phone is empty" in said
    book.bring_in(file, Given("mediation", "江苏丹阳", "0000-000-0101"), Console(file=io.StringIO()))
    [found] = [a for a in Book.open(PROJECT, load(), POLICY).directory.agencies if a.id.startswith("hsds-")]
    assert (found.service, found.place) == ("mediation", "321181")


def test_a_place_that_is_none_or_several_is_asked_back(book: Book) -> None:
    assert book.place("371202").code == "370116"
    for said, why in (
        ("鼓楼区", "could be several places"),
        ("火星", "is no place I know"),
        ("99", "no division has the code"),
    ):
        with pytest.raises(InputError, match=why):
            book.place(said)
