"""Tables that a county clerk fills in: a template, and reading a CSV file or a spreadsheet with every mistake by cell."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from bot.directory.rows import COLUMNS, KNOWN, check_columns, mistakes
from bot.errors import DirectoryError, Where
from bot.places import Gazetteer

MOST_ROWS = 50_000  # of one file: more than every county office of the country
LARGEST = 30_000_000  # bytes
_SMALLER = "one file for each prefecture is enough"
SHEET, WORDS_SHEET = "agencies", "words"
_WIDTHS = {"id": 28, "name_zh": 34, "name_en": 34, "hours": 44, "address": 30}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one cell."""

    cell: str
    said: str


def template(services: Mapping[str, Mapping[str, str]], language: str) -> bytes:
    """An empty spreadsheet with the columns, lists to choose from, and the words for services on a second sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.append(list(KNOWN))
    for number, column in enumerate(KNOWN, 1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E4EFEC" if column in COLUMNS else "F2F2F2")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, 16)
        for row in range(2, 200):
            sheet.cell(row, number).number_format = "@"  # text: codes keep their zeros, dates stay as written
    words = book.create_sheet(WORDS_SHEET)
    for word, label in services.items():
        words.append([word, label[language]])
    choices = {"service": f"={WORDS_SHEET}!$A$1:$A${len(services)}", "fictional": '"yes,no"'}
    for column, formula in choices.items():
        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        sheet.add_data_validation(rule)
        letter = get_column_letter(KNOWN.index(column) + 1)
        rule.add(f"{letter}2:{letter}{MOST_ROWS}")
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read_table(
    file: Path, gazetteer: Gazetteer, services: Sequence[str], national: Collection[str] = ()
) -> tuple[list[Row], list[Mistake]]:
    """The rows of a table and every mistake in it; rows of agencies that the `national` table has already are left out.

    Raises `DirectoryError` for what is no table at all.
    """
    if not file.is_file():
        raise DirectoryError("is not there", Where(file))
    if file.stat().st_size > LARGEST:
        raise DirectoryError(f"is larger than {LARGEST // 1_000_000} MB", Where(file))
    lines = _spreadsheet(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _csv(file)
    return check_lines(lines, file, gazetteer, services, national)


def check_lines(
    lines: Iterator[list[str]], file: Path, gazetteer: Gazetteer, services: Sequence[str], national: Collection[str]
) -> tuple[list[Row], list[Mistake]]:
    """As `read_table`, for lines that were read from `file` already, the heading first."""
    columns = [name.strip() for name in next(lines, [])]
    wrong = [Mistake(f"{_letter(columns, name)}1", said) for name, said in check_columns([c for c in columns if c])]
    rows, seen = list[Row](), dict[str, int]()
    for number, line in enumerate(lines, 2):
        if number > MOST_ROWS + 1:
            raise DirectoryError(f"has more than {MOST_ROWS:,} rows; {_SMALLER}", Where(file))
        row = {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column}
        if not any(row.values()) or row.get("id") in national:
            continue
        rows.append(row)
        said = [*mistakes(row, gazetteer, services), *_of_a_county(row)]
        if (first := seen.setdefault(row.get("id", ""), number)) != number and row.get("id"):
            said.append(("id", f"{row['id']!r} is in row {first} already"))
        wrong += [Mistake(f"{_letter(columns, column)}{number}", why) for column, why in said]
    if not rows and not wrong:
        raise DirectoryError("holds no row below the heading", Where(file))
    return rows, wrong


def _of_a_county(row: Row) -> Iterator[tuple[str, str]]:
    """What a clerk's table may not hold: an agency without an area would serve the whole country."""
    if not row.get("place"):
        yield "place", "place is empty; an agency for the whole country stands in national.csv only"


def written(rows: Sequence[Row]) -> str:
    """Rows as the text of a CSV file of the directory; columns that nobody filled in are left out."""
    columns = [column for column in KNOWN if column in COLUMNS or any(row.get(column) for row in rows)]
    made = io.StringIO()
    writer = csv.DictWriter(made, columns, extrasaction="ignore", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def _letter(columns: Sequence[str], name: str) -> str:
    """The letter of a column; where there is none of that name, that of the next free one."""
    return get_column_letter(columns.index(name) + 1 if name in columns else len(columns) + 1)


def _csv(file: Path) -> Iterator[list[str]]:
    """Lines of a CSV file in UTF-8, or in GB 18030 as older Excel saves it; commas, semicolons or tabs."""
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise DirectoryError("is written neither in UTF-8 nor in GB 18030; save it as “CSV UTF-8”", Where(file))
    if "\0" in text:
        raise DirectoryError("is no text; a spreadsheet ends in .xlsx", Where(file))
    heading = text.split("\n", 1)[0]
    comma = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    except csv.Error as error:
        raise DirectoryError(f"is broken off or wrongly quoted: {error}", Where(file)) from error


def _spreadsheet(file: Path) -> Iterator[list[str]]:
    """Lines of the first sheet. Raises `DirectoryError` for merged cells, formulas and half a file."""
    try:
        quick = load_workbook(file, read_only=True)
        many = sum(1 for _ in zip(quick.worksheets[0].iter_rows(max_col=1), range(MOST_ROWS + 2), strict=False))
        quick.close()
        if many > MOST_ROWS + 1:
            raise DirectoryError(f"has more than {MOST_ROWS:,} rows; {_SMALLER}", Where(file))
        sheet = load_workbook(file).worksheets[0]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        raise DirectoryError(f"is no whole spreadsheet: {error}", Where(file)) from error
    if sheet.merged_cells.ranges:
        where = ", ".join(str(cells) for cells in sorted(sheet.merged_cells.ranges, key=str)[:3])
        raise DirectoryError(f"has merged cells ({where}); take them apart, every row stands alone", Where(file))
    for line in sheet.iter_rows():
        for cell in line:
            if cell.data_type == "f":
                raise DirectoryError(f"has a formula in {cell.coordinate}; paste it as a value", Where(file))
        yield [_text(cell.value) for cell in line]


def _text(value: Any) -> str:  # noqa: ANN401 – whatever a cell holds
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
