"""The founders' table of sixty situations is the policy: every line has its row, its risk and its law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.decisions import Citation, Policy
from bot.decisions.row import Row

Line = Mapping[str, str]
# What the table of articles calls the bodies behind our services.
BODIES = {
    "police": ("police",),
    "ambulance": ("hospital", "unit", "health"),
    "county_centre": ("civil affairs",),
    "civil_affairs": ("civil affairs", "social assistance"),
    "township_station": ("township", "social assistance"),
    "village_worker": ("committee", "village"),
    "court": ("court",),
    "court_social_services": ("court",),
    "prefecture_institution": ("civil affairs", "welfare institution", "prefecture"),
    "adoption_registry": ("civil affairs",),
    "marriage_registry": ("marriage registry",),
    "relief_station": ("relief station", "civil affairs"),
    "school": ("school",),
    "education_authority": ("education", "local government of residence"),
    "family_education": ("family education",),
    "hospital": ("hospital", "health"),
    "health_authority": ("health",),
    "medical_security": ("social assistance",),
    "mental_health_line": ("health",),
    "legal_aid": ("legal aid",),
    "womens_federation": ("women's federation",),
    "disabled_federation": ("disabled",),
    "procuratorate": ("procuratorate",),
}
DIGITS = "零一二三四五六七八九"


def test_every_situation_is_a_row_with_the_risk_of_the_table(policy: Policy, truth: Sequence[Line]) -> None:
    risks = {row.id: row.risk.word for row in policy.rows}
    expected = {line["id"]: line["risk_level"] for line in truth}
    assert expected == {name: risks.get(name, risks.get(f"{name}a")) for name in expected}


def test_a_doubt_of_the_table_is_noted_in_its_row(policy: Policy, truth: Sequence[Line]) -> None:
    silent = [
        line["id"] for line in truth if line["doubt"] and not any(row.doubt for row in rows_of(policy, line["id"]))
    ]
    assert silent == []


def test_every_article_of_a_basis_stands_in_the_texts_at_hand(policy: Policy, shared: Path) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (shared / "law").glob("*.md")}
    cited = {citation for row in policy.rows for citation in row.basis}
    assert sorted(f"{c.law} {c.article}" for c in cited if not any(stands(c, text) for text in texts.values())) == []


def test_who_leads_or_is_told_must_act_by_a_cited_article_or_the_row_is_our_own(
    policy: Policy, basis: Sequence[Line]
) -> None:
    lawless = [row.id for row in policy.rows if not row.product_rule and not lawful(row, basis)]
    assert lawless == []


def test_a_row_that_rests_on_an_unseen_text_says_so(policy: Policy, truth: Sequence[Line]) -> None:
    unseen = {line["id"] for line in truth if line["basis_all_held"] == "no"}
    silent = [name for name in sorted(unseen) if not any(row.unverified for row in rows_of(policy, name))]
    assert silent == []


def rows_of(policy: Policy, situation: str) -> list[Row]:
    return [row for row in policy.rows if re.fullmatch(rf"{situation}[a-z]?", row.id)]


def lawful(row: Row, basis: Iterable[Line]) -> bool:
    acting = [line["who_must_act"] for line in basis if any(same(line, c) for c in (*row.basis, *row.unverified))]
    services = {service for part in row.parts for service in (part.lead, *part.also)}
    words = {word for service in services for word in BODIES.get(service, ())}
    return any(word in who for who in acting for word in words)


def same(line: Line, cited: Citation) -> bool:
    """Whether a line of the table of articles is the article cited."""
    law = re.sub(r"[（(].*?[)）]|中华人民共和国|总则编|婚姻家庭编| ", "", line["law"])
    ours = re.sub(r"[（(].*?[)）]|中华人民共和国| ", "", cited.law)
    alike = law and (law in ours or ours in law)
    return bool(alike) and line["article"].replace(" ", "") in (article(cited.article), cited.article)


def stands(cited: Citation, text: str) -> bool:
    """Whether a text is the law cited (its heading says so) and has the article."""
    name = re.sub(r"[（(][^一二].*?[)）]|中华人民共和国", "", cited.law)
    if name not in text[:400].replace("中华人民共和国", ""):
        return False
    if cited.article[0].isdigit():
        return re.search(rf"^\W*{article(cited.article)}[\s　]", text, re.MULTILINE) is not None
    return all(part in text for part in re.findall(r"[一二三四五六七八九十]+", cited.article))


def article(number: str) -> str:
    """`236之一` → 第二百三十六条之一."""
    found = re.fullmatch(r"(\d+)(之.)?", number)
    return f"第{chinese(int(found[1]))}条{found[2] or ''}" if found else number


def chinese(number: int) -> str:
    """`1084` → 一千零八十四."""
    said = ""
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += DIGITS[digit] + word
        elif said and number % unit and not said.endswith("零"):
            said += "零"
    return said.removeprefix("一") if said.startswith("一十") else said
