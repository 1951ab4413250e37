"""Nothing is kept longer than its purpose; what is open is kept however old it is."""

from __future__ import annotations

from bot.messages import Channel, Press, Text
from bot.turns.moving import Moving
from bot.turns.retention import forget_old
from bot.workbench.demo import Player
from tests.story.house import START, House

VILLAGE = "demo-yangzhong-xinba-village"
OPERATOR = "demo-yangzhong-operator"


def known(house: House, person: Player) -> bool:
    with house.turns.services.store.work() as work:
        return work.contacts.by_address(Channel.TERMINAL, person.chat) is not None


def forgets(house: House) -> int:
    return forget_old(house.turns.services, house.clock())


def test_who_only_asked_is_forgotten_after_three_months_and_not_before(house: House) -> None:
    asked, staff = house.person("路人"), house.enrols("operator", OPERATOR)
    asked.says(Text("你好，我和老公要离婚"))
    house.passes(days=89)
    assert (forgets(house), known(house, asked)) == (0, True)
    house.passes(days=2)
    assert (forgets(house), known(house, asked)) == (1, False)
    assert known(house, staff), "whoever is on staff is no family"


def test_what_is_open_is_kept_however_old_it_is(house: House) -> None:
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    for _ in range(4):
        house.passes(days=365)
    forgets(house)
    assert known(house, mother)
    assert house.case().parts


def test_who_was_helped_is_forgotten_three_years_after_the_last_part_ended_and_is_still_counted(house: House) -> None:
    mother, director = house.person("妈妈"), house.enrols("village_worker", VILLAGE)
    house.tells_the_seed_story(mother)
    director.mail()
    with house.turns.services.store.work() as work:
        parts = [part.id for case in work.cases.all_open() for part in case.parts]
    supervisor = house.enrols("supervisor", OPERATOR, "负责人")
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, supervisor.chat)
        assert contact is not None
        person = work.staff.by_contact(contact.id)
        assert person is not None
        for part in parts:
            Moving(house.turns.services, work, work.inbox.clock(house.clock()), house.clock()).withdraw(part, person)
    house.passes(days=1000)
    forgets(house)
    assert known(house, mother)
    house.passes(days=200)
    forgets(house)
    assert not known(house, mother)
    with house.turns.services.store.read() as work:
        assert len(list(work.figures.parts(START, house.clock()))) == len(parts)


def test_the_words_of_old_messages_go_and_the_conversation_stays(house: House) -> None:
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    house.passes(days=366)
    assert forgets(house) > 0
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, mother.chat)
        assert contact is not None
        assert [reply for _, reply in work.outbox.after(contact, 0) if "25" in reply.text] == []
    assert mother.says(Press("/status")).replies
