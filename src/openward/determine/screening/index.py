"""Find the names worth comparing: TF-IDF over groups of three letters (pairs too in Chinese)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
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
            found += threes(word)
        return found
    for word in name.words:
        found += threes(word)
    if len(name.words) > 1:
        found.append(name.core[:5])
    return found


@lru_cache(maxsize=200_000)
def threes(word: str) -> tuple[str, ...]:
    """Give the groups of three letters of a word, its ends marked by spaces."""
    padded = f" {word} "
    return tuple(padded[i : i + 3] for i in range(len(padded) - 2))


class NameIndex:
    """An inverted index of prepared names.

    Parameters
    ----------
    names : sequence of Name
    """

    def __init__(self, names: Sequence[Name]) -> None:
        text: Any = needed("sklearn.feature_extraction.text")
        sparse: Any = needed("scipy.sparse")
        self.size = len(names)
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        columns: list[int] = []
        ends = [0]
        for name in names:
            columns += map(numbers.__getitem__, grams(name))
            ends.append(len(columns))
        self._vocabulary = dict(numbers)
        counts = sparse.csr_matrix(
            (np.ones(len(columns), np.float32), np.array(columns, np.int64), np.array(ends, np.int64)),
            shape=(self.size, max(1, len(self._vocabulary))),
        )
        counts.sum_duplicates()
        weigher = text.TfidfTransformer(sublinear_tf=True, norm="l2")
        # Rows are letter groups: a query adds up the rows it names, so its cost is the names that share them.
        inverted = weigher.fit_transform(counts).T.tocsr() if columns else counts.T.tocsr()
        self._starts = inverted.indptr
        self._names = inverted.indices
        self._weights = inverted.data.astype(np.float32)
        self._idf = weigher.idf_.astype(np.float32) if columns else np.zeros(1, np.float32)
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
