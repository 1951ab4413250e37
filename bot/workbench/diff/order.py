"""The order of facts in the diagrams: what is asked of together stands together, each concern beside its topic.

A diagram remembers, from one fact to the next, whatever still matters about the facts above. A concern far from the facts that
it opens has to be remembered on the whole way between, and a dozen such concerns are 4¹² different things to remember. So facts
are drawn to the middle of the rows that name them, over and over (Aloul, Markov, Sakallah: FORCE, 2003), and of all orders on
the way the one wins in which the least must be remembered. On 92 rows and 71 facts a comparison then takes 0.2 to 1.5 s; with the
facts that cross every topic, and their concerns, at the top it took twelve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from bot.decisions.row import Row
from bot.facts import Vocabulary

ROUNDS = 60
Edges = Sequence[frozenset[str]]


def ordered(names: Sequence[str], edges: Edges) -> tuple[str, ...]:
    """The names in an order in which the edges are short; deterministic."""
    best = here = _beside(names, edges)
    for _ in range(ROUNDS):
        here = _drawn(here, edges)
        best = min(best, here, key=lambda order: _burden(order, edges))
    return best


def together(vocabulary: Vocabulary, rows: Iterable[Row]) -> Edges:
    """The sets of facts that belong together: those of one set of conditions with all that their relevance looks at."""
    opened = gates(vocabulary)
    sets = [frozenset(conditions) for row in rows for conditions in row.when]
    sets += [frozenset(conditions) for conditions in vocabulary.never_together]
    sets += [frozenset({name}) for name in opened]
    return [one.union(*(opened[name] for name in one)) for one in sets]


def gates(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """For each fact every earlier fact on which its relevance depends, directly or through others."""
    found: dict[str, frozenset[str]] = {}
    for fact in vocabulary.facts.values():
        direct = frozenset(name for conditions in fact.relevant_when for name in conditions)
        found[fact.name] = direct.union(*(found[name] for name in direct))
    return found


def _beside(names: Sequence[str], edges: Edges) -> tuple[str, ...]:
    """The names as they stand, those of no edge last."""
    used = frozenset().union(*edges)
    return tuple(sorted(names, key=lambda name: name not in used))


def _drawn(order: Sequence[str], edges: Edges) -> tuple[str, ...]:
    """Each name moved to the mean of the middles of its edges."""
    place = {name: number for number, name in enumerate(order)}
    pulls: dict[str, list[float]] = {name: [] for name in order}
    for edge in edges:
        middle = sum(place[name] for name in edge) / len(edge)
        for name in edge:
            pulls[name].append(middle)
    last = float(len(order))
    goal = {name: sum(pull) / len(pull) if pull else last for name, pull in pulls.items()}
    return tuple(sorted(order, key=lambda name: (goal[name], place[name])))


def _burden(order: Sequence[str], edges: Edges) -> int:
    """How much has to be remembered: at each place the facts above that still matter below, squared, for it grows faster."""
    place = {name: number for number, name in enumerate(order)}
    last = dict(place)
    for edge in edges:
        end = max(place[name] for name in edge)
        for name in edge:
            last[name] = max(last[name], end)
    open_at = [0] * (len(order) + 1)
    for name, number in place.items():
        open_at[number] += 1
        open_at[last[name]] -= 1
    return sum(remembered**2 for remembered in accumulate(open_at))
