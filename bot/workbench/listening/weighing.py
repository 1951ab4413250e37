"""Learning the weights of data/lexicon/matters.yml: multinomial logistic regression over the signs that messages show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sklearn.linear_model import LogisticRegression

from bot.facts import Lexicon
from bot.facts.matters import Matter
from bot.workbench.listening.labelled import Message

# A real message says more of how people write than one of our own.
REAL, HELD_BACK_BY = 3.0, 0.3
_INVENTED = "matters"


def weigh(messages: Sequence[Message], lexicon: Lexicon) -> Mapping[str, Mapping[Matter, float]]:
    """For every sign of a lexicon, and `start`, its weight for each matter. Messages must be labelled with their matter."""
    if lexicon.matters is None:
        return {}
    names = [name for name in lexicon.matters.weights if name != "start"]
    shown = [_shown(message, lexicon) for message in messages]
    learned = LogisticRegression(C=HELD_BACK_BY, max_iter=3000, class_weight="balanced").fit(
        [[name in signs for name in names] for signs in shown],
        [str(message.matter) for message in messages],
        sample_weight=[1.0 if message.source == _INVENTED else REAL for message in messages],
    )
    matters = [Matter(name) for name in learned.classes_]
    rows = zip(("start", *names), (learned.intercept_, *learned.coef_.T), strict=True)
    return {name: {matter: float(each) for matter, each in zip(matters, row, strict=True)} for name, row in rows}


def _shown(message: Message, lexicon: Lexicon) -> frozenset[str]:
    touched = {reading.fact for reading in lexicon.read(message.text)}
    plain = lexicon.spelling.plain(message.text).text
    return frozenset(lexicon.matters.signs(plain, touched)) if lexicon.matters else frozenset()
