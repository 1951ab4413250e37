"""Makes a case that differs as small as it goes: whatever can be left out while it still differs is left out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Case = dict[str, Any]
Path = tuple[Any, ...]
# Parts of a case that stay: without them nothing is left to compare.
KEPT = {("files",), ("walks",), ("actions",), ("seed",), ("quick",)}


def shrunk(case: Case, differs: Callable[[Case], bool], most: int = 250) -> Case:
    """The smallest case found in `most` tries of leaving one part out."""
    tries = 0
    changed = True
    while changed and tries < most:
        changed = False
        for path in list(_parts(case)):
            smaller = without(case, path)
            if smaller is None:
                continue
            tries += 1
            if differs(smaller):
                case, changed = smaller, True
            if tries >= most:
                break
    return case


def without(case: Case, path: Path) -> Case | None:
    """The case with one part gone; None when that part is no longer there."""
    smaller = copy.deepcopy(case)
    place: Any = smaller
    try:
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return smaller


def _parts(case: Case) -> Iterator[Path]:
    """Every part, large ones first; later items of a list before earlier ones, so that places stay what they are."""
    paths = [path for path in _below(case, ()) if path not in KEPT and path[:1] != ("seed",)]
    return iter(sorted(paths, key=_order))


def _order(path: Path) -> tuple[int, bool, tuple[int, ...]]:
    return len(path), path[0] != "walks", tuple(-key if isinstance(key, int) else 0 for key in path)


def _below(place: Any, path: Path) -> Iterator[Path]:
    if len(path) > 8:
        return
    entries = place.items() if isinstance(place, dict) else enumerate(place) if isinstance(place, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from _below(value, (*path, key))
