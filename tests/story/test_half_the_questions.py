"""Nobody is asked what they have just said: a full first message takes at most half the questions of buttons alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.facts.fact import REFUSED, UNKNOWN
from bot.messages import Channel, Content, Incoming, Press, Text
from bot.places import Place
from bot.store import Store
from bot.turns import Turns
from bot.turns.services import Services
from bot.workbench.interviews import Player, said
from tests.conftest import KEY
from tests.facts.vocabulary import LEXICON

PLACE = "江苏扬中新坝镇"
PATIENCE = 60  # questions


@pytest.fixture
def turns(loaded: Services, tmp_path: Path) -> Iterator[Turns]:
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    yield Turns(replace(loaded, store=store))
    store.close()


@pytest.mark.parametrize(
    "opening",
    [
        f"我和老公正在打离婚官司，女儿五岁，我们俩都不想要她，现在跟着外婆住。我在{PLACE}",
        f"我在{PLACE}，离婚三年了，儿子九岁跟着我住，他爸不要孩子，也从来不给抚养费",
        f"已经离婚了，女儿七岁跟她爸爸住，前夫不让我见孩子。{PLACE}",
        f"妈妈去世了，爸爸在坐牢，我孙女十岁跟奶奶住，奶奶中风了带不动。我们在{PLACE}",
        f"父母都在外地打工，我孙子八岁，一直跟着爷爷奶奶住，{PLACE}",
        f"{PLACE}，养不起了，想把孩子送到福利院，女儿两岁现在跟着我住，他爸也不要孩子",
        f"我们要离婚，儿子一岁半跟着我住，老公把孩子抢走了，天天吵架。{PLACE}",
        f"爸妈都不在了，我外甥六岁，跟着舅舅住。在{PLACE}",
        f"正在办离婚，女儿三岁跟着奶奶住，我和老公谁都不想要她。地址{PLACE}",
        f"We are getting divorced, our son is five and lives with his grandmother, neither of us wants him. {PLACE}",
    ],
)
def test_a_full_first_message_halves_a_whole_conversation(turns: Turns, opening: str) -> None:
    player = Player.newest(turns.services.policy)
    truth = {each.fact: each.value for each in LEXICON.read(opening, player.at.year) if each.certain}
    [place] = turns.services.gazetteer.find(PLACE)
    tapped = Family(turns, "100", truth, place).talk(Press("/start"))
    written = Family(turns, "200", truth, place).talk(Text(opening))
    assert written[-1]["decision"]["risk"] == tapped[-1]["decision"]["risk"]
    leads = [{each["lead"] for each in states[-1]["referrals"]} for states in (written, tapped)]
    assert leads[0] >= leads[1], "words may tell what no button would have asked, and bring one more helper"
    questions = [[state["asked"]["fact"] for state in states if state["asked"]] for states in (written, tapped)]
    assert len(questions[0]) <= len(questions[1]) / 2, questions
    assert questions[0][0] == "screen_danger", "danger is asked first, whatever was written"


@dataclass(frozen=True)
class Family:
    """Somebody who answers every question truthfully by its buttons."""

    turns: Turns
    chat: str
    truth: dict[str, str]
    place: Place

    def talk(self, opening: Content) -> list[dict[str, Any]]:
        """The states that every turn left, until nothing is asked any more."""
        at = self.turns.services.clock()
        states: list[dict[str, Any]] = []
        content = opening
        for number in count():
            assert number < PATIENCE, states[-1]
            moment = at + timedelta(seconds=number)
            taken = self.turns.take(
                Incoming(Channel.TELEGRAM, self.chat, f"{self.chat}:{number}", moment, content, "zh")
            )
            states.append(taken.state)
            if taken.state["asked"] is None:
                return states
            offered = [button.payload for reply in taken.replies for button in reply.buttons]
            content = Press(self.payload(taken.state["asked"]["fact"], taken.state["facts"], offered))
        raise AssertionError

    def payload(self, asked: str, known: dict[str, Any], offered: list[str]) -> str:
        """The button that answers what is asked."""
        match asked:
            case "place":
                nearer = [p for p in offered if any(f'"{self.place.code[:digits]}"' in p for digits in (2, 4, 6, 9))]
                return nearer[0] if nearer else '/place{"list":""}'
            case "consent":
                return '/answer{"consent":"refused"}'
            case "understood":
                return '/answer{"understood":"right"}'
        vocabulary = self.turns.services.policy.vocabulary
        fact = vocabulary.facts[asked]
        if fact.ask_with is None:
            return f'/answer{{"{asked}":"{said(fact, self.truth)}"}}'
        told = {name for sheet in (known["family"], *known["children"]) for name in sheet}
        for name in vocabulary.groups[fact.ask_with]:
            value = said(vocabulary.facts[name], self.truth)
            if name not in told and value not in ("no", UNKNOWN, REFUSED):
                return f'/answer{{"{name}":"{value}"}}'
        return f'/answer{{"{fact.ask_with}":"none"}}'
