"""The figures that docs/understanding.md promises, over the half of the messages that nobody looked at while cues were written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import InputError, RuleFileError
from bot.facts.fragments import Fragments
from bot.facts.matters import NAMES, Matter, Matters
from bot.workbench.listening.labelled import Labels
from bot.workbench.listening.measuring import Figures, figures, hear_all
from bot.workbench.listening.scores import Confusion, Share, off_by
from bot.workbench.listening.twice import doubled
from bot.workbench.listening.weighing import weigh
from tests.facts.vocabulary import LEXICON, PROJECT, VOCABULARY

CORPORA = PROJECT.parent / "shared" / "corpora"


@pytest.fixture(scope="module")
def held() -> Figures:
    if not CORPORA.is_dir():
        pytest.skip("the corpora lie beside the project only where it is developed")
    labels = Labels.load(PROJECT, CORPORA)
    messages = hear_all((each for each in labels.messages if each.held), LEXICON)
    return figures(messages, hear_all((each for each in labels.negatives if each.held), LEXICON))


def test_danger_is_read_or_asked_about(held: Figures) -> None:
    assert held.danger.rate >= 0.98
    assert held.danger.of > 100


def test_a_card_for_nothing_is_rare(held: Figures) -> None:
    assert all(share.rate <= 0.03 for share in held.alarms.values())


def test_facts_and_matters_are_read_as_well_as_the_document_says(held: Figures) -> None:
    assert held.facts_right.rate >= 0.90
    assert held.facts_found.rate >= 0.75
    assert held.matters.macro_f1(list(Matter)) >= 0.90


def test_without_the_corpora_our_own_messages_are_measured() -> None:
    labels = Labels.load(PROJECT, None)
    assert len(labels.messages) >= 300
    assert figures(hear_all(labels.messages, LEXICON), ()).danger.rate >= 0.98


def test_a_project_without_labels_and_a_folder_without_corpora_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there are no labelled messages"):
        Labels.load(tmp_path, None)
    with pytest.raises(InputError, match=r"consult\.jsonl is not there"):
        Labels.load(PROJECT, tmp_path)


def test_a_lexicon_twice_as_large_reads_the_same() -> None:
    twice = doubled(PROJECT / "data" / "lexicon", VOCABULARY)
    assert len(twice.tongues[0].cues) == 2 * len(LEXICON.tongues[0].cues)
    for text in ("他爸打我，孩子满头是血", "my husband hits the child", "没打过孩子"):
        assert twice.read(text) == LEXICON.read(text)


def test_weights_are_learned_for_every_sign() -> None:
    learned = weigh(Labels.load(PROJECT, None).examples, LEXICON)
    assert LEXICON.matters is not None
    assert learned.signs.keys() == LEXICON.matters.weights.keys()
    assert learned.signs["child"][Matter.OURS] > 0 > learned.signs["work"][Matter.OURS]
    assert learned.fragments["抚养"][Matter.OURS] > 0 > learned.fragments["公司"][Matter.OURS]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("weighs: {ours: many, near: 0, elsewhere: 0}", "'many' is not a number"),
        ("weighs: {ours: 1, near: 0}", "elsewhere"),
        ("weights: {ours: 1}", "unknown key 'weights'"),
    ],
)
def test_a_sign_that_is_not_right_is_said_with_its_line(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "matters.yml"
    zero = "{ours: 0, near: 0, elsewhere: 0}"
    text = f"gap: 8\nwords: {{}}\nneutral: []\nstart: {zero}\ntold: {{}}\nsigns:\n  child:\n    {written}\n    says: [孩子]\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError, match=said) as refused:
        Matters.load(file, Path("lexicon/matters.yml"), VOCABULARY)
    assert str(refused.value).startswith("lexicon/matters.yml:")


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("fragment\tours\tnear\n孩\t1\t0", 1),
        ("fragment\tours\tnear\telsewhere\n孩\t1\t0\t0\n子\t1\tmuch\t0", 3),
        ("fragment\tours\tnear\telsewhere\n孩\t1\t0", 2),
        ("", 1),
    ],
)
def test_a_fragment_that_is_not_right_is_said_with_its_line(tmp_path: Path, written: str, line: int) -> None:
    (tmp_path / "fragments.tsv").write_text(written, encoding="utf-8")
    with pytest.raises(RuleFileError) as refused:
        Fragments.load(tmp_path / "fragments.tsv", Path("lexicon/fragments.tsv"), NAMES)
    assert str(refused.value).startswith(f"lexicon/fragments.tsv:{line}")


def test_many_fragments_say_no_more_than_their_share() -> None:
    few = Fragments(("ours",), {"孩": (1.0,), "子": (1.0,), "孩子": (2.0,)})
    assert few.sums("孩")["ours"] == 1.0
    assert few.sums("孩子孩子 child")["ours"] == pytest.approx(4 / 3**0.5)
    assert few.sums("nothing Chinese") == {"ours": 0.0}


def test_the_figures_are_what_they_are_called() -> None:
    share = Share(98, 100)
    low, high = share.interval()
    assert (round(low, 3), round(high, 3)) == (0.930, 0.994)
    table = Confusion.of([("a", "a"), ("a", "b"), ("b", "b")])
    assert table.precision("b") == Share(1, 2)
    assert table.recall("a") == Share(1, 2)
    assert off_by([(0.9, True), (0.9, True)]) == pytest.approx(0.1)
