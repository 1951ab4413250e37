"""Where the two engines part: at loading, or at the first turn that differs."""

from __future__ import annotations

from typing import Any

Result = dict[str, Any]
# Refused here on purpose, and not by Rasa: nobody would notice before a family is stuck in it.
STRICTER = ("can never finish",)
COMPARED = ("replies", "actions", "slots", "loop", "calls")


def difference(rasa: Result, ours: Result) -> str | None:
    """The first difference in a few words, None when there is none."""
    if "refused" in rasa or "refused" in ours:
        if ("refused" in rasa) == ("refused" in ours) or any(sign in ours.get("refused", "") for sign in STRICTER):
            return None
        return f"loading: rasa {rasa.get('refused', 'accepts')!r}, ours {ours.get('refused', 'accepts')!r}"
    for number, (theirs, mine) in enumerate(zip(rasa["walks"], ours["walks"], strict=True)):
        found = _in_walk(theirs, mine)
        if found:
            return f"walk {number}: {found}"
    return None


def _in_walk(theirs: list[Result], mine: list[Result]) -> str | None:
    for number, (there, here) in enumerate(zip(theirs, mine, strict=False)):
        if there["error"] or here["failed"] or here["paused"]:
            return None  # from here on we deviate on purpose (docs/rasa.md)
        for key in COMPARED:
            if there[key] != here[key]:
                rasa, ours = _parted(there[key], here[key])
                return f"turn {number} ({there['user']}): {key}: rasa {rasa!r} ours {ours!r}"
    return None


def _parted(there: Any, here: Any) -> tuple[Any, Any]:
    """The innermost part that differs."""
    if isinstance(there, dict) and isinstance(here, dict) and there.keys() == here.keys():
        named = [name for name in there if there[name] != here[name]]
        if len(named) == 1:
            return _parted(there[named[0]], here[named[0]])
        return {name: there[name] for name in named}, {name: here[name] for name in named}
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        return next(_parted(one, other) for one, other in zip(there, here, strict=True) if one != other)
    return there, here
