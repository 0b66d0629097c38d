"""Sums over the rows of a year that every indicator of the whole set is made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openward.indicators.whole_set_reading import Array, Batch

FIELDS = ("exports", "imports", "squares", "largest")


class Sums:
    """Dense tables [economy, product] and [exporter, importer] with room to grow.

    Attributes
    ----------
    exports, imports : [E, P]
        By exporter and product; by importer and product.
    squares, largest : [E, P]
        Sum of squares and largest of an importer's purchases of a product from each supplier.
    bilateral : [E, E]
        By exporter and importer.
    rows, domestic : int
        Foreign rows taken in; domestic ones left out.
    """

    def __init__(self, economies: int = 256, products: int = 1024) -> None:
        self.rows = self.domestic = 0
        self._allot(economies, products)

    def add(self, batch: Batch, *, economies: int, products: int) -> None:
        """Take in a batch; the axes have that many codes by now."""
        self._grow(economies, products)
        E, P = self.exports.shape
        sold = batch.exporter * P + batch.product
        bought = batch.importer * P + batch.product
        np.add.at(self.exports.reshape(-1), sold, batch.value)
        np.add.at(self.imports.reshape(-1), bought, batch.value)
        np.add.at(self.squares.reshape(-1), bought, batch.value * batch.value)
        np.maximum.at(self.largest.reshape(-1), bought, batch.value)
        pair = batch.exporter * E + batch.importer
        np.add.at(self.bilateral.reshape(-1), pair, batch.value)
        flow = pair * P + batch.product
        np.bitwise_or.at(self._seen.reshape(-1), flow >> 3, self._bit[flow & 7])
        self.rows += len(batch.value)
        self.domestic += batch.domestic

    def repeated(self) -> int:
        """Give how many rows share exporter, importer and product with an earlier one."""
        return self.rows - int(np.bitwise_count(self._seen).sum(dtype=np.int64))

    def _allot(self, E: int, P: int) -> None:
        self.exports, self.imports, self.squares, self.largest = (np.zeros((E, P)) for _ in FIELDS)
        self.bilateral: Array = np.zeros((E, E))
        # A bit a possible flow: 40 MB for the world at six digits.
        self._seen: NDArray[np.uint8] = np.zeros((E, E, P // 8), dtype=np.uint8)
        self._bit = np.left_shift(1, np.arange(8)).astype(np.uint8)

    def _grow(self, economies: int, products: int) -> None:
        E, P = self.exports.shape
        if economies <= E and products <= P:
            return
        while economies > E:
            E *= 2
        while products > P:
            P *= 2
        kept = [getattr(self, name) for name in FIELDS]
        bilateral, seen = self.bilateral, self._seen
        self._allot(E, P)
        for name, old in zip(FIELDS, kept, strict=True):
            getattr(self, name)[: old.shape[0], : old.shape[1]] = old
        self.bilateral[: len(bilateral), : len(bilateral)] = bilateral
        self._seen[: len(seen), : len(seen), : seen.shape[2]] = seen
