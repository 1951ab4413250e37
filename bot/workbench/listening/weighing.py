"""Learning the weights of data/lexicon/matters.yml and fragments.tsv: multinomial logistic regression over what messages show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.facts import Lexicon
from bot.facts.fragments import fragments
from bot.facts.matters import Matter
from bot.workbench.listening.labelled import Message

# A real message says more of how people write than one of our own.
REAL, HELD_BACK_BY = 3.0, 3.0
# A fragment that fewer messages show teaches nothing; signs may weigh less freely than fragments.
SHOWN_BY, FOR_A_SIGN = 8, 0.5
_INVENTED = "matters"
Weights = Mapping[str, Mapping[Matter, float]]


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights for every matter: of the signs and `start`, and of the fragments."""

    signs: Weights
    fragments: Weights


def weigh(messages: Sequence[Message], lexicon: Lexicon) -> Learned:
    """What labelled messages teach. They must be labelled with their matter."""
    if lexicon.matters is None:
        return Learned({}, {})
    signs = [name for name in lexicon.matters.weights if name != "start"]
    texts = [lexicon.spelling.plain(message.text).text for message in messages]
    often = Counter(fragment for text in texts for fragment in fragments(text))
    small = sorted(fragment for fragment, times in often.items() if times >= SHOWN_BY)
    table = np.array(
        [
            [*_signs(message, text, signs, lexicon), *_small(text, small)]
            for message, text in zip(messages, texts, strict=True)
        ]
    )
    model = LogisticRegression(C=HELD_BACK_BY, max_iter=3000).fit(
        table,
        [str(message.matter) for message in messages],
        sample_weight=[1.0 if message.source == _INVENTED else REAL for message in messages],
    )
    matters = [Matter(name) for name in model.classes_]
    rows = [dict(zip(matters, map(float, row), strict=True)) for row in (model.intercept_, *model.coef_.T)]
    of_signs = [{matter: weight * FOR_A_SIGN for matter, weight in row.items()} for row in rows[1 : len(signs) + 1]]
    return Learned(
        {"start": rows[0], **dict(zip(signs, of_signs, strict=True))},
        dict(zip(small, rows[len(signs) + 1 :], strict=True)),
    )


def _signs(message: Message, text: str, signs: Sequence[str], lexicon: Lexicon) -> Iterator[float]:
    touched = {reading.fact for reading in lexicon.read(message.text)}
    shown = set(lexicon.matters.signs(text, touched)) if lexicon.matters else set()
    return (FOR_A_SIGN * (name in shown) for name in signs)


def _small(text: str, small: Sequence[str]) -> NDArray[np.float64]:
    known = set(small)
    shown = {fragment for fragment in fragments(text) if fragment in known}
    return np.array([fragment in shown for fragment in small]) / (math.sqrt(len(shown)) or 1.0)
