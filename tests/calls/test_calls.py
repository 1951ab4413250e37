"""A call at the desk: the same questions and the same referral as in a chat, told by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.decisions import Risk
from bot.errors import InputError, MoveNotAllowedError, NotYoursError
from bot.facts import Source
from bot.messages import Press
from bot.referrals import Status
from bot.store import Store
from bot.turns.calls import Calling, Switchboard, keys
from bot.turns.services import Services
from tests.calls.switch import Phone
from tests.conftest import KEY
from tests.referrals.world import XINBA, World, for_child

MANY = 80  # questions; there are fewer facts


@pytest.fixture
def world(loaded: Services, database: str) -> Iterator[World]:
    store = Store.open(database, master_key=KEY)
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    yield world.staffed()
    store.close()


def seed(phone: Phone) -> Phone:
    """The case everyone knows, told to the end."""
    phone.rings("138 0000 1122")
    phone.answers(danger_screen="none")
    phone.answers(concern_divorce="yes")
    phone.answers(concerns="none")
    for fact, value in (("divorce", "pending"), ("refuses_child", "both"), ("child_with_now", "relative")):
        phone.answers(**{fact: value})
    phone.press("ask", fact="place")
    phone.press("where", text="江苏扬中新坝镇")
    return phone


def test_danger_is_asked_first(world: World) -> None:
    assert Phone(world).rings().asked == "screen_danger"


def test_the_seed_story_is_referred_to_the_village_and_the_court(world: World) -> None:
    phone = seed(Phone(world))
    table = phone.table()
    assert table.view.decision.rows[0] == "R01"
    assert table.standing.case is not None
    assert table.standing.case.sent is None
    phone.press("end", kind="served")
    case = phone.table().standing.case
    assert case is not None
    assert {part.lead for part in case.parts} == {"court_social_services", "village_worker"}
    assert for_child(case).owner.staff == world.people["director"].id
    assert any("新坝" in letter for letter in world.letters("director"))


def test_what_an_operator_typed_is_known_to_be_theirs(world: World) -> None:
    answers = seed(Phone(world)).table().standing.sheet.answers
    assert {answer.source for answer in answers} == {Source.OPERATOR}


def test_an_emergency_is_passed_on_at_once_and_its_call_is_the_operators_own(world: World) -> None:
    other = Phone(world, "supervisor")
    assert other
    phone = Phone(world).rings()
    phone.answers(screen_danger="yes")
    case = phone.table().standing.case
    assert case is not None
    assert case.sent is not None
    police = next(part for part in case.parts if part.lead == "police")
    assert police.owner.staff == world.people["operator"].id
    with world.services.store.work() as work:
        Calling(world.services, work, phone.person, "zh", world.now).called(phone.id, police.id, "staff")
    assert world.part(police).status is Status.ACCEPTED


def test_notes_decide_nothing_until_they_are_confirmed_and_are_asked_about_all_the_same(world: World) -> None:
    phone = Phone(world).rings()
    phone.hears("我们要离婚，孩子他也不要我也不要，孩子五岁")
    table = phone.table()
    assert table.standing.sheet.answers == ()
    found = {(each.fact, each.value) for each in table.memory.unsure}
    assert ("child_age", "5to7") in found
    n = next(n for n, each in enumerate(table.memory.unsure) if each.fact == "child_age")
    phone.press("confirm", n=str(n))
    assert phone.table().standing.sheet.value("child_age", 0) == "5to7"
    left = len(phone.table().memory.unsure)
    phone.press("dismiss", n="0")
    assert len(phone.table().memory.unsure) == left - 1


def test_danger_in_a_note_is_still_asked_first(world: World) -> None:
    phone = Phone(world).rings()
    phone.hears("他刚才在打孩子，孩子流血了")
    assert phone.asked == "screen_danger"
    assert phone.table().view.decision.risk is not Risk.EMERGENCY


def test_a_question_left_for_later_comes_back_when_nothing_else_is_left(world: World) -> None:
    phone = Phone(world).rings()
    phone.press("skip")
    left = []
    while phone.asked != "screen_danger" and len(left) < MANY:
        left.append(phone.asked)
        phone.press("skip")
    assert phone.asked == "screen_danger"
    assert {"concern_divorce", "place", "consent"} <= set(left)
    assert len(left) == len(set(left))
    assert phone.table().standing.sheet.answers == ()


def test_the_place_can_be_left_for_later_too(world: World) -> None:
    phone = seed(Phone(world))
    phone.press("ask", fact="place")
    phone.press("skip")
    assert phone.asked != "place"


def test_a_step_back_takes_the_last_answer_back(world: World) -> None:
    phone = Phone(world).rings()
    phone.answers(danger_screen="none")
    phone.press("back")
    assert phone.asked == "screen_danger"
    assert phone.table().standing.sheet.answers == ()


def test_an_answer_is_changed_by_putting_its_question_on_the_table(world: World) -> None:
    phone = seed(Phone(world))
    phone.press("ask", fact="divorce")
    assert phone.asked == "divorce"
    phone.answers(divorce="done")
    assert phone.table().standing.sheet.value("divorce") == "done"
    assert phone.asked != "divorce"


def test_a_key_pressed_twice_counts_once(world: World) -> None:
    phone = Phone(world).rings()
    key = Press('/answer{"danger_screen":"none"}')
    phone.take(key, "same")
    once = phone.table().standing.sheet.history
    phone.take(key, "same")
    assert phone.table().standing.sheet.history == once


def test_a_call_begun_twice_is_one(world: World) -> None:
    phone = Phone(world).rings()
    phone.answers(danger_screen="none")
    phone.rings()
    assert phone.table().standing.sheet.value("screen_danger") == "no"


def test_somebody_who_cannot_speak_answers_by_tapping(world: World) -> None:
    phone = Phone(world).rings()
    phone.press("silent")
    phone.press("tap", said="no")
    phone.press("tap", said="yes")
    assert phone.table().standing.sheet.value("screen_alone") == "yes"
    phone.press("back")
    for _ in range(3):
        assert phone.asked == "screen_danger"
        phone.press("tap", said="no")
    assert phone.table().standing.sheet.value("screen_death") == "no"


def test_a_call_is_handed_over_with_everything_and_the_colleague_hears_of_it(world: World) -> None:
    phone = seed(Phone(world))
    with world.services.store.work() as work:
        board = Switchboard(world.services, work, phone.person, "zh", world.now)
        assert world.people["supervisor"] in board.colleagues()
        board.hand_over(phone.id, world.people["supervisor"].id)
    with pytest.raises(NotYoursError):
        phone.press("skip")
    other = Phone(world, "supervisor", id=phone.id)
    assert other.table().view.decision.rows[0] == "R01"
    assert any("电话" in letter for letter in world.letters("supervisor"))


def test_a_call_that_somebody_speaks_on_is_not_taken_one_that_waits_is(world: World) -> None:
    world.staffed("operator")
    first = Phone(world).rings()
    mine = replace(world.people["operator"])
    world.staffed("operator")
    with world.services.store.work() as work, pytest.raises(NotYoursError):
        Switchboard(world.services, work, world.people["operator"], "zh", world.now).take_up(first.id)
    second = world.people["operator"]
    world.people["operator"] = mine
    first.press("hold")
    world.people["operator"] = second
    with world.services.store.work() as work:
        call = Switchboard(world.services, work, second, "zh", world.now).take_up(first.id)
    assert call.operator == second.id
    assert call.held is None


@pytest.mark.parametrize("post", ["director", "court", "station"])
def test_calls_are_for_the_duty_desk(world: World, post: str) -> None:
    with pytest.raises(NotYoursError):
        Phone(world, post).rings()


def test_nobodys_danger_is_ended_as_a_prank(world: World) -> None:
    phone = seed(Phone(world))
    with pytest.raises(MoveNotAllowedError):
        phone.press("end", kind="prank")
    assert phone.table().call.ended is None


def test_a_wrong_number_leaves_nothing_behind(world: World) -> None:
    phone = Phone(world).rings("13800001122")
    call = phone.press("end", kind="wrong_number")
    assert call.ended is not None
    assert phone.table().standing.case is None
    assert phone.table().memory.number == ""
    with pytest.raises(MoveNotAllowedError):
        phone.press("skip")


def test_a_call_that_breaks_off_is_a_humans_task(world: World) -> None:
    phone = Phone(world).rings()
    phone.answers(danger_screen="none")
    phone.answers(concern_divorce="yes")
    world.passes(hours=30)
    assert any("电话" in letter for letter in world.letters("operator"))


def test_who_telephones_again_goes_on_in_the_same_case(world: World) -> None:
    family = world.family()
    phone = Phone(world).rings()
    phone.answers(screen_alone="yes")
    with world.services.store.work() as work:
        case = work.cases.get(family.id)
        assert case is not None
        Calling(world.services, work, phone.person, "zh", world.now).join(phone.id, case)
    table = phone.table()
    assert table.standing.case is not None
    assert table.standing.case.id == family.id
    assert table.standing.sheet.value("screen_alone") == "yes"
    assert table.standing.sheet.value("refuses_child", 0) == "both"
    assert table.standing.case.risk is max(family.risk, table.view.decision.risk)


def test_a_number_that_a_family_left_finds_its_case(world: World) -> None:
    phone = seed(Phone(world))
    phone.press("ask", fact="consent")
    phone.answers(consent="given")
    phone.press("ask", fact="contact")
    phone.press("reach", text="小李")
    assert phone.table().standing.contact.details == {"name": "小李", "phone": "13800001122"}
    phone.press("end", kind="served")
    case = phone.table().standing.case
    assert case is not None
    with world.services.store.work() as work:
        calling = Calling(world.services, work, phone.person, "zh", world.now)
        assert calling.alike("+86 13800001122") == (case.id,)
        assert calling.alike("13900001122") == ()


@pytest.mark.parametrize(
    "key", ["/nonsense", '/ask{"fact":"divorse"}', '/confirm{"n":"7"}', '/end{"kind":"lunch"}', "x"]
)
def test_a_key_that_is_not_there_is_refused_and_changes_nothing(world: World, key: str) -> None:
    phone = Phone(world).rings()
    before = phone.table()
    with pytest.raises(InputError):
        phone.take(Press(key))
    assert phone.table().call == before.call


def test_erasing_the_family_forgets_the_calls_in_which_it_was_told(world: World) -> None:
    phone = seed(Phone(world))
    phone.hears("他们在吵架")
    case = phone.table().standing.case
    assert case is not None
    with world.services.store.work() as work:
        work.cases.erase(case.id)
    with world.services.store.work() as work:
        call = work.calls.get(phone.id)
        assert call is not None
        assert call.memory is None


def test_the_place_is_read_in_a_note_and_confirmed(world: World) -> None:
    phone = Phone(world).rings()
    phone.hears("我们在江苏省扬中市新坝镇")
    n = next(n for n, each in enumerate(phone.table().memory.unsure) if each.place)
    phone.press("confirm", n=str(n))
    place = phone.table().standing.place
    assert place is not None
    assert place.code[:9] == XINBA[:9]


def test_a_note_too_many_is_refused_and_not_dropped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "NOTES_AT_MOST", 2)
    phone = Phone(world).rings()
    for words in ("一", "二"):
        phone.hears(words)
    with pytest.raises(InputError, match="notes at most"):
        phone.hears("他在打孩子")
    assert [note.words for note in phone.table().memory.notes] == ["一", "二"]
