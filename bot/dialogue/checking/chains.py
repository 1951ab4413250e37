"""Rules that lead to each other for ever; a turn of theirs is cut off after ten actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue.checking.material import Material
from bot.dialogue.findings import Finding
from bot.dialogue.model.names import ANYTHING, LISTEN
from bot.dialogue.policy.examples import since_anything
from bot.dialogue.policy.rules import Rule

# After this action, that one, because of these rules.
Links = Mapping[str, Mapping[str, Rule]]


def endless_chains(material: Material) -> Iterator[Finding]:
    """Each circle of actions that rules close by themselves, without a message between; a condition may still end it."""
    links = _links(material)
    done: set[str] = set()
    for start in links:
        for circle in _circles(links, start, done):
            done.update(circle)
            named = " → ".join(f"'{action}'" for action in (*circle, circle[0]))
            rules = [links[action][after] for action, after in zip(circle, (*circle[1:], circle[0]), strict=True)]
            others = "".join(f", and rule {rule}" for rule in dict.fromkeys(map(str, rules)) if rule != str(rules[0]))
            yield Finding(rules[0].where, f"rule '{rules[0].name}'{others} may go on for ever: {named}")


def _links(material: Material) -> Links:
    links: dict[str, dict[str, Rule]] = {}
    for example in material.examples:
        states = since_anything(example.states)
        if len(states) == 1 and "intent" not in states[0] and example.action not in {LISTEN, ANYTHING}:
            links.setdefault(states[0].get("action", ""), {}).setdefault(example.action, example.rule)
    return links


def _circles(links: Links, start: str, done: set[str]) -> Iterator[list[str]]:
    """Circles that can be reached from an action, each the first time it is met."""
    path, open_ends = [start], [iter(links[start])]
    seen = {start}
    while open_ends and start not in done:
        after = next(open_ends[-1], None)
        if after is None:
            open_ends.pop()
            path.pop()
        elif after in path:
            yield path[path.index(after) :]
        elif after not in seen and after not in done:
            seen.add(after)
            path.append(after)
            open_ends.append(iter(links.get(after, ())))
