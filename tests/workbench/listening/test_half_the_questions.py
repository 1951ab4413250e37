"""Nobody is asked what they have just said: a full first message takes at most half the questions of buttons alone."""

from __future__ import annotations

import pytest

from bot.decisions import Policy
from bot.facts import Answer, Sheet, Source
from bot.workbench.interviews import Player
from tests.facts.vocabulary import LEXICON, PROJECT

POLICY = Policy.load(PROJECT / "rules")
PLAYER = Player.newest(POLICY)


@pytest.mark.parametrize(
    "opening",
    [
        "我和老公正在打离婚官司，女儿五岁，我们俩都不想要她，现在跟着外婆住",
        "离婚三年了，儿子九岁跟着我住，他爸不要孩子，也从来不给抚养费",
        "已经离婚了，女儿七岁跟她爸爸住，前夫不让我见孩子",
        "妈妈去世了，爸爸在坐牢，我孙女十岁跟奶奶住，奶奶中风了带不动",
        "父母都在外地打工，我孙子八岁，一直跟着爷爷奶奶住",
        "养不起了，想把孩子送到福利院，女儿两岁现在跟着我住，他爸也不要孩子",
        "我们要离婚，儿子一岁半跟着我住，老公把孩子抢走了，天天吵架",
        "爸妈都不在了，我外甥六岁，跟着舅舅住",
        "正在办离婚，女儿三岁跟着奶奶住，我和老公谁都不想要她",
        "We are getting divorced, our son is five and lives with his grandmother, neither of us wants him",
    ],
)
def test_a_full_first_message_halves_the_questions(opening: str) -> None:
    readings = LEXICON.read(opening, PLAYER.at.year)
    sheet = Sheet()
    for reading in readings:
        child = POLICY.vocabulary.whose(reading.fact, None)
        if reading.certain:
            sheet = sheet.with_answer(Answer(reading.fact, child, reading.value, Source.READ, PLAYER.at))
        else:
            sheet = sheet.with_mention(reading.fact, child)
    truth = {reading.fact: reading.value for reading in readings if reading.certain}
    tapped, written = PLAYER.play("buttons", truth), PLAYER.play("words", truth, sheet)
    assert written.decision.risk is tapped.decision.risk
    assert len(written.asked) <= len(tapped.asked) / 2
    assert written.asked[0] == "screen_danger", "danger is asked first, whatever was written"
