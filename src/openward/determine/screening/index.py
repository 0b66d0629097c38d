"""Find the names worth comparing: TF-IDF over groups of three letters (pairs too in Chinese)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from openward.determine.screening.name import Name
from openward.determine.screening.needs import needed


def grams(name: Name) -> list[str]:
    """Give the groups of letters by which a name is found."""
    found: list[str] = []
    if name.chinese:
        text = f"^{name.chinese}"
        found += [text[i : i + 2] for i in range(len(text) - 1)]
        found += [text[i : i + 3] for i in range(len(text) - 2)]
        for word in name.sound:
            found += _threes(word)
        return found
    for word in name.words:
        found += _threes(word)
    if len(name.words) > 1:
        found.append(name.core[:5])
    return found


def _threes(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[i : i + 3] for i in range(len(padded) - 2)]


class NameIndex:
    """An inverted index of prepared names.

    Parameters
    ----------
    names : sequence of Name
    """

    def __init__(self, names: Sequence[Name]) -> None:
        text: Any = needed("sklearn.feature_extraction.text")
        self._vectorizer = text.TfidfVectorizer(
            analyzer=grams, dtype=np.float32, sublinear_tf=True, min_df=1, norm="l2"
        )
        self.size = len(names)
        matrix = self._vectorizer.fit_transform(names) if self.size else None
        # Rows are letter groups: a query adds up the rows it names, so its cost is the names that share them.
        inverted = matrix.T.tocsr() if matrix is not None else None
        self._starts = inverted.indptr if inverted is not None else np.zeros(1, np.int64)
        self._names = inverted.indices if inverted is not None else np.zeros(0, np.int32)
        self._weights = inverted.data if inverted is not None else np.zeros(0, np.float32)
        self._vocabulary: dict[str, int] = self._vectorizer.vocabulary_ if self.size else {}
        self._idf = self._vectorizer.idf_.astype(np.float32) if self.size else np.zeros(0, np.float32)
        self._likeness = np.zeros(self.size, np.float32)

    def nearest(self, name: Name, *, most: int, least: float) -> list[tuple[int, float]]:
        """Give the places of the names most alike by cosine, best first, none below ``least``."""
        counts: dict[int, int] = {}
        for gram in grams(name):
            row = self._vocabulary.get(gram)
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        if not counts:
            return []
        rows = np.fromiter(counts, np.int64, len(counts))
        weights = self._idf[rows] * (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts))))
        weights /= np.sqrt((weights**2).sum())
        likeness = self._likeness
        likeness[:] = 0
        for row, weight in zip(rows, weights, strict=True):
            start, end = self._starts[row], self._starts[row + 1]
            likeness[self._names[start:end]] += weight * self._weights[start:end]
        places = np.flatnonzero(likeness >= least)
        if len(places) > most:
            places = places[np.argpartition(likeness[places], -most)[-most:]]
        order = places[np.argsort(-likeness[places], kind="stable")]
        return [(int(place), float(likeness[place])) for place in order]
