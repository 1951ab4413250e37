"""Rule projects drawn by lot: each talks, or is refused with its place; and where Rasa is installed, as Rasa does it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.dialogue.parity.generated import our_side
from tests.dialogue.parity.generated.draw import draw
from tests.dialogue.parity.generated.driving import RealRasa, Tally, compare, parting
from tests.dialogue.parity.real import NoRasa


@pytest.mark.parametrize("seed", range(40))
def test_a_project_drawn_by_lot_talks_or_is_refused_with_its_place(seed: int) -> None:
    case = draw(seed)
    assert case == draw(seed)
    played = our_side.play(case)
    if "refused" in played:
        assert re.match(r"[\w/]+\.yml:[1-9]\d*: .", played["refused"])
    else:
        assert [len(walk) for walk in played["walks"]] == [
            sum(isinstance(said, str) for said in walk) for walk in case["walks"]
        ]


@pytest.fixture
def rasa() -> Iterator[RealRasa]:
    try:
        real = RealRasa()
    except NoRasa as error:
        pytest.skip(str(error))
    yield real
    real.close()


@pytest.mark.nightly
def test_projects_drawn_by_lot_are_answered_as_rasa_answers_them(rasa: RealRasa) -> None:
    tally = Tally()
    assert len(list(compare(rasa, range(1, 101), tally))) == 100
    assert tally.parted == {}


@pytest.mark.nightly
def test_the_quick_way_into_rasa_and_rasa_train_lead_to_the_same(rasa: RealRasa) -> None:
    for seed in range(10):
        quick, full = rasa.play(draw(seed) | {"quick": True}), rasa.play(draw(seed) | {"quick": False})
        assert quick is not None
        assert quick == full


@pytest.mark.nightly
def test_a_difference_is_noticed(rasa: RealRasa) -> None:
    case = next(draw(seed) | {"quick": True} for seed in range(20) if "walks" in our_side.play(draw(seed)))
    found = rasa.play(case)
    assert found is not None
    found["walks"][0][0]["replies"].append({"text": "something else"})
    assert "replies" in str(parting(found, case))
