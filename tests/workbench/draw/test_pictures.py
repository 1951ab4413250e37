from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.decisions import Risk
from bot.errors import RightdoorError
from bot.workbench.draw import Panel, draw, interview_panels, table_panels, tables
from bot.workbench.draw.bands import bands
from bot.workbench.draw.marks import risk_mark
from bot.workbench.draw.measure import width
from bot.workbench.draw.svg import Sheet
from tests.workbench.policies import LANGUAGES, ROOT, base, grown, pen, texts

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Words:
    """A line of text in a picture and the room it takes."""

    said: str
    left: float
    right: float
    top: float
    bottom: float


def panels(language: str, tallest: float = float("inf")) -> Iterator[Panel]:
    drawn = pen(language)
    yield from interview_panels(drawn, tallest)
    for name, rows in tables(drawn.base.rows).items():
        yield from table_panels(drawn, name, rows, tallest)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 (our own drawing, well-formed or the test fails)


def words(panel: Panel) -> list[Words]:
    found = []
    for text in parsed(panel.svg()).iter(f"{SVG}text"):
        said, size = text.text or "", float(text.attrib["font-size"])
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        wide = width(said, size, bold="font-weight" in text.attrib)
        found.append(Words(said, x, x + wide, y - size * 0.9, y + size * 0.2))
    return found


def everything_said(found: list[Panel]) -> str:
    return re.sub(r"\s", "", "".join(line.said for panel in found for line in words(panel)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_its_sheet(language: str) -> None:
    for panel in panels(language):
        for line in words(panel):
            assert 0 <= line.left < line.right <= panel.width, line
            assert 0 <= line.top < line.bottom <= panel.height + 1, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_lies_on_another(language: str) -> None:
    for panel in panels(language):
        lines = [line for line in words(panel) if line.said]
        for number, one in enumerate(lines):
            for other in lines[number + 1 :]:
                apart = one.right <= other.left or other.right <= one.left
                assert apart or one.bottom <= other.top or other.bottom <= one.top, (one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_and_every_fact_is_in_the_picture_of_the_interview(language: str) -> None:
    drawn = pen(language)
    said = everything_said(list(interview_panels(drawn)))
    for row in drawn.base.rows:
        assert re.sub(r"\s", "", row.id + row.title[language]) in said
    for fact in drawn.base.vocabulary.facts:
        assert re.sub(r"\s", "", drawn.sayings.name(fact, language)) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_shows_risk_conditions_lead_time_and_what_must_never_be(language: str) -> None:
    drawn = pen(language)
    rows = tables(drawn.base.rows)["violence"]
    said = everything_said(list(table_panels(drawn, "violence", rows)))
    for row in rows:
        for part in row.parts:
            assert re.sub(r"\s", "", drawn.part(part)) in said
        for word in row.never:
            assert re.sub(r"\s", "", drawn.never(word)) in said
        for alternative in drawn.sayings.alternatives(row.when, language):
            for condition in alternative:
                assert re.sub(r"\s", "", "".join(condition.answers[:1])) in said


def test_every_row_stands_in_exactly_one_topic() -> None:
    rules = base()
    found = [row.id for band in bands(rules.vocabulary, rules.rows) for row in band.rows]
    assert sorted(found) == sorted(row.id for row in rules.rows)


def test_a_topic_names_every_fact_its_rows_ask_for() -> None:
    rules = base()
    for band in bands(rules.vocabulary, rules.rows):
        asked = {fact for row in band.rows for one in row.when for fact in one}
        assert asked <= {line.fact.name for line in band.lines}


def test_risk_is_a_word_a_bar_and_a_shape_that_differ_without_their_colour() -> None:
    drawn = []
    for risk in Risk:
        sheet = Sheet(200)
        risk_mark(sheet, 0, 0, risk, risk.word)
        drawn.append(re.sub(r"#[0-9a-f]{6}", lambda c: "paper" if c[0] == "#ffffff" else "ink", "".join(sheet.shapes)))
        assert risk.word in drawn[-1]
    assert len({re.sub(r"<text.*?</text>", "", one) for one in drawn}) == len(Risk)


def test_a_picture_says_its_title_and_what_is_in_it() -> None:
    for language in LANGUAGES:
        root = parsed(draw(ROOT, ROOT / "rules", "divorce", language))
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
        assert title.text
        assert "R01" in str(description.text)


def test_markup_in_a_title_is_shown_and_not_obeyed() -> None:
    rules = base()
    evil = '<script>alert(1)</script> & "quotes" \' ]]>'
    rows = tuple(replace(row, title={"zh": evil, "en": evil}) for row in rules.rows)
    drawn = pen("en", replace(rules, rows=rows))
    for panel in (*interview_panels(drawn), *table_panels(drawn, "<b>", rows)):
        root = parsed(panel.svg())
        assert not [one for one in root.iter() if one.tag.endswith(("script", "}b"))]


def test_sheets_keep_to_the_height_they_are_given_and_lose_no_row() -> None:
    rules = grown(250)
    for language in LANGUAGES:
        drawn = pen(language, rules)
        sheets = table_panels(drawn, "big", rules.rows, 700)
        assert all(sheet.height <= 700 for sheet in sheets)
        said = everything_said([*sheets])
        assert all(row.id in said for row in rules.rows)


def test_a_big_rule_base_is_drawn_whole_on_sheets_that_fit_a_page() -> None:
    drawn = pen("zh", grown(250))
    overview, *topics = sheets = interview_panels(drawn, 700)
    assert max(sheet.height for sheet in topics) <= 700
    assert overview.height <= 800
    said = everything_said([*sheets])
    assert all(row.id in said for row in drawn.base.rows)


def test_every_table_of_the_project_has_a_title_in_both_languages() -> None:
    said = texts()
    assert {name for name in tables(base().rows) if f"themes.{name}" not in said.sentences} == set()


def test_a_rule_base_without_wording_is_drawn_by_its_own_names() -> None:
    drawn = pen("en")
    bare = replace(drawn, sayings=replace(drawn.sayings, questions={}, titles={}))
    said = everything_said([*interview_panels(bare)])
    assert "refuseschild" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["divorc"], "unknown table 'divorc'; did you mean 'divorce'?"),
        (["intervew"], "unknown table 'intervew'; did you mean 'interview'?"),
        (["--language", "ez"], "unknown language 'ez'"),
        (["--out", f"{__file__}/x.svg"], "cannot be written"),
    ],
)
def test_a_wrong_word_is_refused_with_the_nearest_one(arguments: list[str], message: str) -> None:
    tried = run("draw", *arguments)
    assert tried.returncode == 2
    assert message in tried.stderr
    assert tried.stdout == ""


def test_the_command_writes_the_picture_to_a_file_or_to_standard_output(tmp_path: Path) -> None:
    to = tmp_path / "new" / "divorce.svg"
    assert run("draw", "divorce", "--language", "en", "--out", str(to)).returncode == 0
    assert to.read_text(encoding="utf-8") == run("draw", "divorce", "--language", "en").stdout


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from bot.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_unreadable_wording_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "data" / "domain").mkdir(parents=True)
    (tmp_path / "data" / "book.yml").write_text("risk:\n  none: {zh: 无}\n", encoding="utf-8")
    with pytest.raises(RightdoorError, match=r"data/book.yml:2: the translation 'en' is missing"):
        draw(tmp_path, ROOT / "rules", "interview", "zh")


def test_a_fact_of_a_group_without_wording_is_named_itself_and_not_by_its_group() -> None:
    drawn = pen("en")
    fact = drawn.base.vocabulary.groups["concerns"][0]
    assert drawn.sayings.about(fact, "en") == "What it is about"
    bare = replace(drawn.sayings, titles={})
    assert bare.about(fact, "en") == fact.replace("_", " ")
