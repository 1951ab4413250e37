"""Villages, former names and codes, and what is misspelt, on the real divisions of the country."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from bot.errors import DirectoryError
from bot.places import Gazetteer, Level
from bot.places.villages import Villages

DIVISIONS = Path(__file__).parents[2] / "data" / "divisions"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(DIVISIONS)


def names(gazetteer: Gazetteer, text: str) -> list[str]:
    return [place.full_name for place in gazetteer.find(text)]


def test_every_village_is_there_below_its_township(gazetteer: Gazetteer) -> None:
    assert gazetteer.villages == 620_573
    [village] = gazetteer.find("江苏省镇江市扬中市新坝镇新治村")
    assert village.level is Level.VILLAGE
    assert gazetteer.get(village.code) == village
    assert village in gazetteer.children(village.code[:9])
    assert gazetteer.get("513431999999") is None
    assert gazetteer.get("51343110000x") is None


def test_a_village_is_found_by_its_name_where_the_county_or_the_prefecture_is_known(gazetteer: Gazetteer) -> None:
    [by_county] = gazetteer.find("新治村", gazetteer.get("321182"))
    [by_prefecture] = gazetteer.find("江苏镇江新治村")
    assert by_county == by_prefecture
    assert by_county.full_name.startswith("江苏省镇江市扬中市新坝镇新治")
    assert gazetteer.find("新治村") == (), "a village alone could be anywhere"


@pytest.mark.parametrize(
    ("said", "today", "was"),
    [
        ("莱芜市", "山东省济南市莱芜区", "莱芜市"),
        ("四川郫县", "四川省成都市郫都区", "郫县"),
        ("襄樊", "湖北省襄阳市", "襄樊市"),
        ("大同县", "山西省大同市云州区", "大同县"),
        ("江宁县", "江苏省南京市江宁区", "江宁县"),
    ],
)
def test_a_division_that_was_merged_or_renamed_still_resolves_and_says_so(
    gazetteer: Gazetteer, said: str, today: str, was: str
) -> None:
    [place] = gazetteer.find(said)
    assert place.full_name == today
    former = gazetteer.became(said, place)
    assert former is not None
    assert former.name == was


def test_what_is_called_as_it_is_called_today_was_nothing_else(gazetteer: Gazetteer) -> None:
    for said in ("江苏扬中", "济南市莱芜区", "鼓楼区"):
        assert gazetteer.became(said, gazetteer.find(said)[0]) is None


def test_a_code_of_before_or_of_the_bureau_leads_to_the_place_of_today(gazetteer: Gazetteer) -> None:
    assert [gazetteer.today(code) and gazetteer.today(code).name for code in ("371202", "321182", "330104", "999999")] == [  # type: ignore[union-attr]
        "莱芜区", "扬中市", "上城区", None,
    ]  # fmt: skip
    counted, township, kept = next((c, t, k) for c, (t, k) in gazetteer.formerly.moved.items() if k)
    assert gazetteer.today(counted) == gazetteer.get(township)
    first = gazetteer.children(township)[0]
    assert kept
    assert gazetteer.today(counted + first.code[9:]) == first


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("江苏扬忠", "江苏省镇江市扬中市"),  # by ear
        ("四川梁山昭觉", "四川省凉山彝族自治州昭觉县"),
        ("yangzhong", "江苏省镇江市扬中市"),
        ("Zhaojue County, Sichuan", "四川省凉山彝族自治州昭觉县"),
        ("Chaoyang District, Beijing", "北京市朝阳区"),
        ("Kashgar", "新疆维吾尔自治区喀什地区"),
    ],
)
def test_a_place_misspelt_or_in_letters_is_guessed_and_nothing_else_is_found(
    gazetteer: Gazetteer, said: str, place: str
) -> None:
    assert all(place.startswith(found) for found in names(gazetteer, said))
    assert place in [guess.full_name for guess in gazetteer.guess(said)]


@pytest.mark.parametrize("said", ["我不知道", "家里没有人", "外婆家", "嗯", "", "？？？", "x" * 5000, "孩子在哭" * 500])
def test_what_is_no_place_is_not_guessed(gazetteer: Gazetteer, said: str) -> None:
    assert gazetteer.find(said) == ()
    assert len(gazetteer.guess(said)) <= 1


def test_a_long_story_full_of_villages_costs_little(gazetteer: Gazetteer) -> None:
    began = time.process_time()
    gazetteer.find("江苏省镇江市，" + "我们那边的某某村，" * 1200)
    assert time.process_time() - began < 2, "milliseconds on an idle machine"


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("我在香港打工", "hongkong"),
        ("Macau", "macao"),
        ("台北", "taiwan"),
        ("孩子在日本", "abroad"),
        ("老家扬中", None),
    ],
)
def test_what_lies_elsewhere_is_said(gazetteer: Gazetteer, said: str, where: str | None) -> None:
    assert gazetteer.outside(said) == where


def test_cities_without_counties_and_zones_have_their_townships(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "东莞") == ["广东省东莞市"]
    [town] = gazetteer.find("广东东莞石碣镇")
    assert town.level is Level.TOWNSHIP
    assert gazetteer.county_of(town).full_name == "广东省东莞市"  # type: ignore[union-attr]
    assert len(gazetteer.find("石家庄高新区")) > 1, "it lies in more than one district: asked back"


def test_a_file_of_villages_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "villages.bin"
    shutil.copy(DIVISIONS / "villages.bin", file)
    with file.open("r+b") as opened:
        opened.truncate(1_000_000)
    for broken in (file, tmp_path / "none.bin"):
        with pytest.raises(DirectoryError, match=r"villages\.bin|none\.bin"):
            Villages.open(broken)
    file.write_bytes(b"")
    with pytest.raises(DirectoryError):
        Villages.open(file)
