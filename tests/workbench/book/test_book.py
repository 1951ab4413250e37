from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from bot.decisions import Policy
from bot.errors import Where
from bot.workbench.book import Contents, book, rendered
from bot.workbench.book.index import Index
from bot.workbench.book.later import contacts, placement, safeguards
from bot.workbench.book.proofs import proofs
from bot.workbench.check import Finding
from bot.workbench.draw import Pen, tables
from bot.workbench.draw.ink import contrast
from tests.workbench.draw.test_pictures import run
from tests.workbench.policies import LANGUAGES, ROOT, base, grown, texts

TODAY = date(2026, 11, 25)
RULES = ROOT / "rules"


@cache
def contents() -> Contents:
    return Contents.gather(ROOT, RULES, (), TODAY)


@cache
def page() -> str:
    return rendered(contents())


@cache
def tree() -> ET.Element:
    return parsed(page())


def parsed(html: str) -> ET.Element:
    """The document, which is well-formed XML as well; a stray or unclosed tag fails here."""
    return ET.fromstring(html)  # noqa: S314 (our own document)


def by_id(name: str) -> ET.Element:
    return next(one for one in tree().iter() if one.get("id") == name)


def article(name: str) -> str:
    """All the text of the article with this heading."""
    found = next(one for one in tree().iter("article") if one.get("aria-labelledby") == name)
    return squeezed("".join(found.itertext()))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_title_page_names_the_rule_base_by_its_hash_and_the_day() -> None:
    header = squeezed("".join(next(tree().iter("header")).itertext()))
    assert base().hash in header
    assert "2026-11-25" in header


def test_every_row_is_there_with_all_it_says_in_both_languages() -> None:
    held = contents()
    for row in base().rows:
        said = article(f"row-{row.id}")
        for language in LANGUAGES:
            pen = held.pens[language]
            expected = [row.title[language], row.because[language], pen.risk(row.risk)]
            expected += [row.doubt[language]] if row.doubt else []
            expected += [pen.never(word) for word in row.never]
            expected += [pen.label("follow_ups", row.follow_up)] if row.follow_up else []
            for part in row.parts:
                expected += [pen.label("services", word) for word in (part.lead, *part.also)]
                expected += [pen.label("first_actions", part.first_action), pen.texts.time(language, part.act_within)]
            for alternative in pen.sayings.alternatives(row.when, language):
                expected += [pen.sayings.answers(condition, language) for condition in alternative]
            for citation in (*row.basis, *row.unverified):
                law, cited = held.cited[citation]
                expected += [law.title[language], cited.article.gist[language]]
            missing = [one for one in expected if squeezed(one) not in said]
            assert missing == [], row.id
        assert str(row.where) in said
        assert str(row.valid_from) in said


def test_every_fact_is_there_with_its_question_its_reason_and_every_answer() -> None:
    for name, fact in base().vocabulary.facts.items():
        said = article(f"fact-{name}")
        for language in LANGUAGES:
            sayings = contents().pens[language].sayings
            expected = [sayings.question(name, language), sayings.reason(name, language)]
            expected += [sayings.answer(name, value, language) for value in fact.values]
            assert [one for one in expected if squeezed(one) not in said] == [], name
        assert all(value in said for value in fact.values)


def test_every_article_of_law_is_there_with_the_rows_that_rest_on_it() -> None:
    for name, article_of_law in base().basis.articles.items():
        cited = contents().cited[article_of_law.citation][1]
        rows = Index.of(base().rows).citing(article_of_law.citation)
        line = next(r for r in tree().iter("tr") if any(cell.get("id") == cited.anchor for cell in r))
        linked = [a.text for a in line.iter("a") if a.get("class") == "row-link"]
        assert linked == [row.id for row in rows], name
        assert squeezed(article_of_law.gist["zh"]) in squeezed("".join(line.itertext()))


def test_an_article_whose_text_nobody_read_is_marked_wherever_a_row_rests_on_it() -> None:
    for row in base().rows:
        assert article(f"row-{row.id}").count("未核对") >= len(row.unverified)


def test_every_service_and_plan_is_indexed_with_its_rows() -> None:
    words = base().words.labels
    for service in words["services"]:
        line = next(r for r in tree().iter("tr") if any(cell.get("id") == f"service-{service}" for cell in r))
        led = [row.id for row in base().rows if any(part.lead == service for part in row.parts)]
        assert [a.text for a in list(line)[1].iter("a")] == led
    assert all(by_id(f"plan-{plan}") is not None for plan in words["follow_ups"])


def test_every_case_beside_a_table_is_an_example() -> None:
    said = squeezed("".join(tree().itertext()))
    beside = {file.name.removesuffix(".cases.yml") for file in (RULES / "situations").glob("*.cases.yml")}
    assert contents().examples.keys() == beside
    for examples in contents().examples.values():
        for example in examples:
            assert squeezed(example.name) in said


def test_every_anchor_resolves_and_no_id_is_used_twice() -> None:
    ids = Counter(one.get("id") for one in tree().iter() if one.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    wanted = {unquote(a.get("href", "")) for a in tree().iter("a")}
    assert {href for href in wanted if not href.startswith("#")} == set()
    assert {href[1:] for href in wanted} - ids.keys() == set()
    labelled = {name for one in tree().iter() for name in one.get("aria-labelledby", "").split()}
    assert labelled - ids.keys() == set()


def test_the_document_needs_no_script_and_no_other_file() -> None:
    tags = Counter(one.tag.rpartition("}")[2] for one in tree().iter())
    assert tags.keys() & {"script", "link", "img", "iframe", "object"} == set()
    assert not [name for one in tree().iter() for name in one.attrib if name.startswith("on")]
    assert "url(" not in page()
    assert page().startswith("<!DOCTYPE html>")


def test_headings_go_down_one_step_at_a_time_and_every_table_has_headers_with_a_scope() -> None:
    levels = [int(one.tag[1]) for one in tree().iter() if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for table in tree().iter("table"):
        heads = list(table.iter("th"))
        assert heads
        assert all(head.get("scope") in ("row", "col") for head in heads)


def test_every_chinese_text_is_marked_as_chinese() -> None:
    def walk(element: ET.Element, language: str) -> list[str]:
        language = element.get("lang", language)
        wrong = [element.text] if language == "en" and re.search(r"[\u4e00-\u9fff]{3,}", element.text or "") else []
        inner = [found for child in element for found in walk(child, language)]
        after = [c.tail for c in element if language == "en" and re.search(r"[\u4e00-\u9fff]{3,}", c.tail or "")]
        return [*(text for text in (*wrong, *after) if text), *inner]

    body = next(one for one in tree().iter("body"))
    assert [text for text in walk(body, "zh-CN") if "“" not in text] == []


def test_the_pictures_stand_in_the_document_in_both_languages() -> None:
    shown = [one.get("lang") for one in tree().iter("{http://www.w3.org/2000/svg}svg") if one.get("role") == "img"]
    assert shown.count("zh-CN") >= 1 + len(tables(base().rows))
    assert shown.count("en") >= 1 + len(tables(base().rows))


def test_every_colour_of_text_is_legible_in_the_light_and_in_the_dark() -> None:
    schemes = [
        dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", page(), re.DOTALL)
    ]
    light, dark = schemes[:2]
    for scheme in (light, dark):
        grounds = [full(scheme[name]) for name in ("paper", "tint")]
        for name in ("ink", "soft", "accent", "danger"):
            assert min(contrast(full(scheme[name]), ground) for ground in grounds) >= 4.5, name
    for colour in re.findall(r"^\.(?:emergency|high|medium|low|none) \{ color: (#\w+)", page(), re.MULTILINE):
        assert contrast(colour, "#ffffff") >= 4.5


def full(colour: str) -> str:
    """`#fff` as `#ffffff`."""
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def test_the_switch_hides_one_language_by_style_alone() -> None:
    assert {one.get("id") for one in tree().iter("input")} == {"side-by-side", "only-zh", "only-en"}
    for name, hidden in (("only-zh", "en"), ("only-en", "zh-CN")):
        assert f'body:has(#{name}:checked) [lang="{hidden}"]:not(.kept)' in page()


def test_markup_in_the_rules_is_shown_and_not_obeyed() -> None:
    evil = '<script>alert("x")</script><b>&amp;'
    held = contents()
    rows = tuple(
        replace(row, title={"zh": evil, "en": evil}, because={"zh": evil, "en": evil}) for row in held.policy.rows
    )
    policy = Policy(replace(held.policy.base, rows=rows))
    pens = {name: Pen(policy.base, pen.sayings, pen.texts, name) for name, pen in held.pens.items()}
    html = rendered(replace(held, policy=policy, pens=pens, index=Index.of(rows), tables=tables(rows)))
    found = parsed(html)
    assert not list(found.iter("script"))
    assert not list(found.iter("b"))
    assert evil in "".join(found.itertext())


def test_what_check_finds_stands_under_the_property_it_refutes() -> None:
    finding = Finding("tie", Where("rules/situations/x.yml", 7), "R1 and <R2> tie", {"family": {"divorce": "pending"}})
    other = Finding("something_new", Where("rules/x.yml", 1), "a kind the book has no words for")
    html = rendered(replace(contents(), proofs=proofs([finding, other], texts())))
    said = "".join(parsed(html).itertext())
    assert "R1 and <R2> tie" in said
    assert "rules/situations/x.yml:7" in said
    assert "something_new" in said
    assert "2 findings" in said
    assert "How far has the divorce come? → The divorce is under way" in said


def test_without_findings_every_property_is_said_to_hold() -> None:
    kinds = [proof.kind for proof in contents().proofs]
    assert {"unreachable", "idle", "tie", "at_least", "case", "wording", "refused"} <= set(kinds)
    section = next(one for one in tree().iter("section") if any(part.get("id") == "check" for part in one))
    assert "".join(section.itertext()).count("✓") == len(kinds)


def test_nothing_is_said_to_hold_of_rules_that_were_refused() -> None:
    refused = Finding("refused", Where("data/lexicon/zh.yml", 3), "the cue is unknown")
    html = rendered(replace(contents(), proofs=proofs([refused], texts())))
    assert "✓" not in html
    checked = [one for one in parsed(html).iter() if one.get("class") in ("holds", "fails")]
    unchecked = ["not checked" in "".join(one.itertext()) for one in checked]
    assert unchecked.count(True) == len(contents().proofs) - 1 + len(contents().safeguards)


@dataclass(frozen=True)
class Written:
    """A safeguard as another module will read it."""

    id: str
    says: dict[str, str]
    where: Where


def test_a_rule_base_with_safeguards_shows_each_in_words_and_as_written(tmp_path: Path) -> None:
    file = tmp_path / "rules" / "safeguards.yml"
    file.parent.mkdir()
    file.write_text(
        "safeguards:\n  - id: one\n    says: {zh: 甲, en: A}\n    whenever: {divorce: pending}\n"
        "    always: {risk: low}\n  - id: two\n    says: {zh: 乙, en: B}\n",
        encoding="utf-8",
    )

    class Base:
        safeguards = (
            Written("one", {"zh": "甲", "en": "A"}, Where(Path("rules/safeguards.yml"), 2)),
            Written("two", {"zh": "乙", "en": "B"}, Where(Path("rules/safeguards.yml"), 6)),
        )

    found = safeguards(Base(), file.parent)  # type: ignore[arg-type]
    assert found[0].written.endswith("always: {risk: low}")
    assert "two" not in found[0].written
    against = Finding("safeguard", found[1].where, "two fails")
    html = rendered(replace(contents(), safeguards=found, proofs=proofs([against], texts())))
    said = squeezed("".join(parsed(html).itertext()))
    lines = [squeezed("".join(r.itertext())) for r in parsed(html).iter("tr")]
    assert [("✓" in line, "✗" in line) for line in lines if "rules/safeguards.yml:" in line and "id:" in line] == [
        (True, False),
        (False, True),
    ]
    assert "whenever:{divorce:pending}" in said
    assert "甲A" in said
    assert 'id="safeguard-two"' in html


def test_a_rule_base_without_safeguards_or_placement_says_so_and_is_whole() -> None:
    class Bare:
        pass

    assert safeguards(Bare(), RULES) == ()  # type: ignore[arg-type]
    assert placement(Bare()) == ()  # type: ignore[arg-type]
    html = rendered(replace(contents(), safeguards=(), placement=()))
    assert "This rule base has no safeguards yet." in html


def test_the_placement_ladder_is_shown_in_its_order_with_who_asks_and_what_is_tried_first() -> None:
    law = next(iter(base().basis.articles.values())).citation
    words = {"zh": "收养", "en": "adoption"}

    class Step:
        name, title, asked_by, decided_by, tried_first = "adoption", words, ("kin",), "civil_affairs", ("home",)
        basis, unverified, note = (law,), (), {"zh": "说明", "en": "a note"}

    class Transfer:
        title, leaves, enters, asked_by, decided_by = (
            words,
            "county_centre",
            "prefecture_institution",
            (),
            "civil_affairs",
        )
        basis, unverified, note = (), (law,), {"zh": "说明", "en": "a note"}

    class Ladder:
        first, askers = {"home": {"zh": "在家", "en": "at home"}}, {"kin": {"zh": "亲属", "en": "kin"}}
        ladder, transfer = (Step(),), Transfer()

    class Base:
        placement = Ladder()

    found = placement(Base())  # type: ignore[arg-type]
    assert [rung.name for rung in found] == ["adoption", "transfer"]
    said = squeezed("".join(parsed(rendered(replace(contents(), placement=found))).itertext()))
    for word in (
        "收养",
        "亲属",
        "athome",
        "anote",
        "countyminors'assistanceandprotectioninstitution→prefecturechildwelfare",
    ):
        assert word in said


def test_the_dates_of_follow_up_plans_are_shown_when_the_rule_base_has_them() -> None:
    plan = next(iter(base().words.labels["follow_ups"]))

    class Words:
        plans = {plan: (("visit", timedelta(days=1)), ("visit", timedelta(days=7)), ("call", timedelta(hours=12)))}  # noqa: RUF012 (never changed)

    class Base:
        words = Words()

    assert contacts(Base(), plan) == {"visit": (1440, 10080), "call": (720,)}  # type: ignore[arg-type]


def test_the_tables_stand_in_the_order_of_the_book_and_danger_comes_first() -> None:
    assert next(iter(contents().tables)) == "danger"
    assert contents().tables.keys() == tables(base().rows).keys()


def test_a_row_written_anew_for_later_days_has_an_anchor_of_its_own() -> None:
    row = base().rows[0]
    later = replace(row, valid_from=date(2027, 1, 1))
    index = Index.of([row, later])
    assert index.anchor(row) == f"row-{row.id}"
    assert index.anchor(later) == f"row-{row.id}-2027-01-01"
    assert index.named(row.id) is row


def test_a_big_rule_base_becomes_one_whole_document() -> None:
    held, big = contents(), grown(250)
    pens = {name: Pen(big, pen.sayings, pen.texts, name) for name, pen in held.pens.items()}
    policy = Policy(replace(held.policy.base, rows=big.rows))
    html = rendered(
        replace(held, policy=policy, pens=pens, index=Index.of(big.rows), tables=tables(big.rows), examples={})
    )
    headings = {one.get("id") for one in parsed(html).iter("h3")}
    assert {f"row-{row.id}" for row in big.rows} <= headings


def test_the_book_says_what_check_really_found() -> None:
    html = book(ROOT, RULES, TODAY)
    assert ("全部成立" in html) == ("✗" not in html)


def test_the_command_writes_one_file_and_says_where(tmp_path: Path) -> None:
    written = run("book", "--out", str(tmp_path / "book"))
    assert written.returncode == 0, written.stderr
    assert written.stderr.strip() == str(tmp_path / "book" / "index.html")
    assert [file.name for file in (tmp_path / "book").iterdir()] == ["index.html"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--rules", "no/such/folder"], "the file is missing"), (["--out", f"{__file__}/x"], "cannot be written")],
)
def test_a_folder_that_cannot_be_read_or_written_is_refused_in_one_line(arguments: list[str], message: str) -> None:
    tried = run("book", *arguments)
    assert tried.returncode == 2
    assert message in tried.stderr
    assert len(tried.stderr.strip().splitlines()) == 1
