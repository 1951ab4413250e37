"""Reading facts out of words: what is asserted and present decides, everything else is only worth asking."""

from __future__ import annotations

import pytest

from tests.facts.vocabulary import LEXICON


def told(text: str) -> dict[str, str]:
    """What a text asserts."""
    return {reading.fact: reading.value for reading in LEXICON.read(text) if reading.certain}


def touched(text: str) -> set[str]:
    """What a text only makes worth asking."""
    return {reading.fact for reading in LEXICON.read(text) if not reading.certain}


DIVORCING = {"concern_divorce": "yes", "divorce": "considering"}
ALONE = {"screen_alone": "yes", "child_with_now": "nobody"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "我和老公要离婚，女儿五岁，我们俩都不想要她",
            {**DIVORCING, "caller": "parent", "child_age": "5to7", "refuses_child": "both"},
        ),
        ("我老公打我", {"concern_violence": "yes"}),
        ("老公要打死我", {"screen_danger": "yes", "concern_violence": "yes"}),
        ("孩子现在一个人在家", ALONE),
        ("她五岁，现在一个人在家", {**ALONE, "child_age": "5to7"}),
        ("孩子跟外婆住", {"child_with_now": "relative"}),
        ("孩子满头是血", {"screen_danger": "yes", "child_hurt": "unexplained"}),
        ("我不想活了", {"screen_death": "yes"}),
        ("孩子说不想活了", {"screen_death": "yes", "child_wants_to_die": "yes"}),
        ("我想带孩子一起死", {"screen_death": "yes", "kill_threat": "yes", "adult_wants_to_die": "yes"}),
        ("他说要杀了我们全家", {"screen_death": "yes", "kill_threat": "yes"}),
        (
            "妈妈联系不上，爸爸在坐牢",
            {"concern_parents_gone": "yes", "mother_now": "out_of_reach", "father_now": "prison"},
        ),
        ("养不起了，想把孩子送到福利院", {"concern_cannot_raise": "yes", "wants_state_care": "yes"}),
        ("My husband hits me", {"concern_violence": "yes"}),
        ("We are getting divorced", DIVORCING),
        ("Neither of us wants the child", {"refuses_child": "both"}),
        ("my five-year-old daughter is home alone", {**ALONE, "caller": "parent", "child_age": "5to7"}),
        ("She is with her grandmother", {"child_with_now": "relative"}),
        ("I want to die", {"screen_death": "yes"}),
        (
            "my 15 year old son wants to die",
            {"screen_death": "yes", "child_wants_to_die": "yes", "child_age": "14to15", "caller": "parent"},
        ),
        ("nobody is looking after the child", ALONE),
        ("My dad beats me", {"caller": "child", "concern_violence": "yes", "concern_own": "yes"}),
    ],
)
def test_what_is_asserted_and_present_is_told(text: str, facts: dict[str, str]) -> None:
    assert told(text) == facts


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        # denied
        ("我老公没打我", "concern_violence"),
        ("我老公从来没有打过孩子", "concern_violence"),
        ("这不是家暴", "concern_violence"),
        ("她不想死", "screen_death"),
        ("My husband never hit me", "concern_violence"),
        ("My husband doesn't hit the kids", "concern_violence"),
        # supposed
        ("如果他打我怎么办", "concern_violence"),
        ("担心他打孩子", "concern_violence"),
        ("If he hits me what do I do?", "concern_violence"),
        ("I am worried that he hits the kids", "concern_violence"),
        # past
        ("他以前打过我", "concern_violence"),
        ("He used to hit us", "concern_violence"),
        # asked
        ("打孩子犯不犯法？", "concern_violence"),
        ("他会不会打孩子", "concern_violence"),
        ("Is it illegal if he hits the kids?", "concern_violence"),
        # somebody else's
        ("听说隔壁有人打孩子", "concern_violence"),
        ("邻居说他打孩子", "concern_violence"),
        ("a friend of mine said he hits her", "concern_violence"),
        # contradictory
        ("我们准备离婚，已经离婚三年了", "divorce"),
        ("孩子跟外婆住，孩子一个人在家", "child_with_now"),
    ],
)
def test_what_is_denied_supposed_past_asked_or_told_of_others_is_only_asked(text: str, fact: str) -> None:
    assert fact not in told(text)
    assert fact in touched(text)


@pytest.mark.parametrize("text", ["他打孩子，怎么办？", "老公打我该找谁？", "he hits me, what can we do?"])
def test_to_ask_what_to_do_is_no_doubt_about_what_happens(text: str) -> None:
    assert told(text)["concern_violence"] == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "打死我也不去",
        "累死了",
        "想死你了",
        "他在外地打工",
        "给他打电话",
        "我一个人在家",
        "I am dying to see her",
        "I am scared to death",
        "今天天气很好",
        "",
        "   \n",
        "😀" * 50,
    ],
)
def test_an_idiom_or_something_else_tells_nothing(text: str) -> None:
    assert LEXICON.read(text) == ()


def test_a_denial_reaches_its_own_clause_only() -> None:
    assert told("他没喝酒，打孩子")["concern_violence"] == "yes"


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("儿子十二岁，女儿三岁", "2to4"),
        ("我今年二十五岁，女儿五岁", "5to7"),
        ("孩子刚出生", "under2"),
    ],
)
def test_of_several_ages_the_youngest_minor_counts(text: str, band: str) -> None:
    assert told(text)["child_age"] == band


def test_an_adults_age_is_no_childs_age() -> None:
    assert "child_age" not in told("我今年二十五岁")


def test_a_cue_makes_facts_worth_asking_to_which_it_gives_no_value() -> None:
    assert touched("我老公打我") == {"screen_danger", "partner_hit", "hit_child"}
    assert {(r.fact, r.value) for r in LEXICON.read("养不起了") if not r.certain} == {("refuses_child", "")}


def test_a_longer_phrase_beats_a_shorter_one_inside_it() -> None:
    assert told("我们正在办离婚")["divorce"] == "pending"


def test_a_reading_says_by_which_cue_and_where() -> None:
    text = "他说要杀了我们全家"
    reading = next(reading for reading in LEXICON.read(text) if reading.fact == "kill_threat")
    assert (reading.cue, text[reading.start : reading.end], reading.child) == ("kill_threat", "要杀了我们", None)


def test_languages_may_be_mixed() -> None:
    assert told("my husband 打我, we are getting divorced") == {**DIVORCING, "concern_violence": "yes"}


def test_every_fact_is_read_once_and_readings_stand_in_the_order_of_the_words() -> None:
    readings = LEXICON.read("老公打我，老公打孩子，我要离婚，女儿五岁，孩子一个人在家，老公打我")
    assert len({reading.fact for reading in readings}) == len(readings)
    assert [reading.start for reading in readings] == sorted(reading.start for reading in readings)


def test_ten_thousand_characters_are_read_in_a_moment() -> None:
    assert told("他没有说话。" * 1000 + "孩子现在一个人在家" + "，，。" * 1000) == ALONE
