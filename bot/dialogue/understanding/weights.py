"""Logistic regression: learned by scikit-learn, applied with NumPy alone (microseconds where scikit-learn takes a millisecond).

Both are imported when they are needed: a project whose pipeline learns nothing never loads them.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.dialogue.understanding.reading import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[Any]

# A solver that knows two classes only; of several, each is told from all others.
ONE_AGAINST_ALL = "liblinear"
# These stop by the slope of the mean loss; up to scikit-learn 1.1 they stopped by that of the sum.
MEAN_LOSS = frozenset({"lbfgs", "newton-cg"})


@dataclass(frozen=True, slots=True)
class Learning:
    """How weights are learned; the first four are LogisticRegressionClassifier's settings.

    `strength` is how little weights are held back (scikit-learn's C; Rasa leaves it at 1); `balanced`, that labels with
    few examples count as much as others.
    """

    solver: str = "lbfgs"
    max_iter: int = 100
    tol: float = 1e-4
    random_state: int | None = 42
    strength: float = 1.0
    balanced: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each feature (row) and label (column), one more for each label, and how scores become likelihoods.

    `kind` is "softmax", "sigmoid" (two labels, one column) or "each" (one sigmoid a label, made to add up to one).
    """

    labels: tuple[str, ...]
    kind: str
    table: Matrix
    offsets: Matrix

    def likelihoods(self, features: Features) -> list[tuple[str, float]]:
        """Every label with its likelihood, the likeliest first; of equals the first in the alphabet."""
        found = list(zip(self.labels, self._shares(features), strict=True))
        found.sort(key=lambda pair: -pair[1])
        return found

    def _shares(self, features: Features) -> list[float]:
        import numpy as np  # noqa: PLC0415 – see above

        numbers, amounts = features
        scores = self.offsets
        if numbers:
            scores = scores + np.asarray(amounts) @ self.table.take(numbers, axis=0)
        if self.kind == "softmax":
            shares = np.exp(scores - scores.max())
            return (shares / shares.sum()).tolist()  # type: ignore[no-any-return]
        sure = 1 / (1 + np.exp(-scores.clip(-700, 700)))
        if self.kind == "sigmoid":
            return [1 - float(sure[0]), float(sure[0])]
        return (sure / (sure.sum() or 1.0)).tolist()  # type: ignore[no-any-return]


@dataclass(slots=True)
class Lessons:
    """What weights are learned from: the features of each text, and its label."""

    size: int
    rows: list[Features] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def add(self, features: Features, label: str) -> None:
        """One more text."""
        self.rows.append(features)
        self.labels.append(label)


def learned(lessons: Lessons, how: Learning) -> Weights | None:
    """The weights; of a single label that it is always that one, None when there is no example at all."""
    labels = sorted(set(lessons.labels))
    if len(labels) < 2:  # noqa: PLR2004 – nothing to tell apart
        return _always(lessons.size, labels[0]) if labels else None
    if how.solver == ONE_AGAINST_ALL and len(labels) > 2:  # noqa: PLR2004 – more than it can tell apart
        return _one_against_all(lessons, labels, how)
    found = _fit(lessons, lessons.labels, how, "balanced" if how.balanced else None)
    kind = "softmax" if len(labels) > 2 else "sigmoid"  # noqa: PLR2004 – two need one column
    return Weights(tuple(labels), kind, _rows(found.coef_), found.intercept_)


def _always(size: int, label: str) -> Weights:
    import numpy as np  # noqa: PLC0415 – see above

    return Weights((label,), "softmax", np.zeros((max(size, 1), 1)), np.zeros(1))


def _one_against_all(lessons: Lessons, labels: Sequence[str], how: Learning) -> Weights:
    import numpy as np  # noqa: PLC0415 – see above

    weight = {label: len(lessons.labels) / (len(labels) * lessons.labels.count(label)) for label in labels}
    found = [
        _fit(lessons, [label == other for other in lessons.labels], how, {True: weight[label], False: 1.0})
        for label in labels
    ]
    table = np.vstack([one.coef_ for one in found])
    return Weights(tuple(labels), "each", _rows(table), np.concatenate([one.intercept_ for one in found]))


def _fit(lessons: Lessons, labels: Sequence[object], how: Learning, weight: object) -> Any:  # noqa: ANN401 – untyped
    import numpy as np  # noqa: PLC0415 – see above
    from scipy.sparse import csr_matrix  # noqa: PLC0415 – see above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 – see above
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 – scikit-learn's own, to keep such sums on one processor

    ends = np.cumsum([0, *(len(numbers) for numbers, _ in lessons.rows)])
    numbers = [number for row, _ in lessons.rows for number in row]
    amounts = [amount for _, row in lessons.rows for amount in row]
    matrix = csr_matrix((np.asarray(amounts), numbers, ends), shape=(len(lessons.rows), max(lessons.size, 1)))
    model = LogisticRegression(
        solver=how.solver,
        max_iter=how.max_iter,
        tol=how.tol / len(labels) if how.solver in MEAN_LOSS else how.tol,
        random_state=how.random_state,
        class_weight=weight,
        C=how.strength,
    )
    with warnings.catch_warnings(), threadpool_limits(limits=1):  # several get in each other's way: six times slower
        warnings.simplefilter("ignore")  # that it stopped after `max_iter` steps is what the setting says
        return model.fit(matrix, labels)


def _rows(table: Matrix) -> Matrix:
    import numpy as np  # noqa: PLC0415 – see above

    return np.ascontiguousarray(table.T)
