"""Finding a place, on the real divisions of the country."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bot.errors import DirectoryError
from bot.places import Gazetteer, Level

DIVISIONS = Path(__file__).parents[2] / "data" / "divisions"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(DIVISIONS)


def names(gazetteer: Gazetteer, text: str, within: str | None = None) -> list[str]:
    return [p.full_name for p in gazetteer.find(text, gazetteer.get(within) if within else None)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我在四川凉山昭觉这边", "四川省凉山彝族自治州昭觉县"),
        ("河北正定", "河北省石家庄市正定县"),
        ("浙江省新昌县", "浙江省绍兴市新昌县"),
        ("扬中市新坝镇", "江苏省镇江市扬中市新坝镇"),
        ("江苏扬中新坝", "江苏省镇江市扬中市新坝镇"),
        ("昭觉县比尔镇", "四川省凉山彝族自治州昭觉县比尔镇"),
        ("扬中", "江苏省镇江市扬中市"),
        ("福州鼓楼", "福建省福州市鼓楼区"),
        ("北京朝阳", "北京市朝阳区"),
        ("我在上海打工，孩子在老家昭觉县", "四川省凉山彝族自治州昭觉县"),
        ("扬中县", "江苏省镇江市扬中市"),  # the name it had until 1994
        ("凉山", "四川省凉山彝族自治州"),
    ],
)
def test_a_place_is_found_as_people_write_it(gazetteer: Gazetteer, text: str, place: str) -> None:
    assert names(gazetteer, text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "我和老公要离婚，女儿五岁，我们俩都不想要她",
        "孩子现在跟外婆住",
        "他爸爸在中山上班，不管孩子",
        "不知道哪里",
        "火星",
        "",
        "my husband and I are getting divorced",
    ],
)
def test_words_that_name_no_place_are_not_taken_for_one(gazetteer: Gazetteer, text: str) -> None:
    assert names(gazetteer, text) == []


def test_a_name_that_several_counties_share_is_asked_back(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "鼓楼区") == [
        "江苏省南京市鼓楼区",
        "江苏省徐州市鼓楼区",
        "福建省福州市鼓楼区",
        "河南省开封市鼓楼区",
    ]


def test_a_township_may_be_named_alone_once_the_county_is_known(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "新坝") == []
    assert names(gazetteer, "新坝", "321182") == ["江苏省镇江市扬中市新坝镇"]


def test_divisions_stand_one_below_the_other(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.children(None)) == 34
    beijing = gazetteer.get("11")
    assert beijing is not None
    assert "110101" in [p.code for p in gazetteer.children("11")]
    town = gazetteer.get("321182101")
    assert town is not None
    assert (town.level, town.parent) == (Level.TOWNSHIP, "321182")
    assert gazetteer.county_of(town) == gazetteer.get("321182")
    assert gazetteer.county_of(beijing) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "county"),
    [(32.24, 119.80, "扬中市"), (28.01, 102.84, "昭觉县"), (26.08, 119.30, "鼓楼区"), (39.91, 116.41, "东城区")],
)
def test_a_pin_lies_in_a_county(gazetteer: Gazetteer, latitude: float, longitude: float, county: str) -> None:
    found = gazetteer.locate(latitude, longitude)
    assert found is not None
    assert found.name == county


def test_a_pin_abroad_or_at_sea_lies_in_none(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate(51.5, 0.0) is None
    assert gazetteer.locate(20.0, 125.0) is None


def test_a_broken_file_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="cannot be read"):
        Gazetteer.open(tmp_path)
    (tmp_path / "divisions.tsv.gz").write_bytes(gzip.compress("11\t北京市\n1x\t?".encode()))
    with pytest.raises(DirectoryError, match=r"divisions.tsv.gz:2: a line is"):
        Gazetteer.open(tmp_path)
