"""The columns of the decision file, filled from tables and from single answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.compiled import Compiled
from openward.determine.batch.kinds import SCALE, scaled
from openward.determine.batch.machine import Found
from openward.determine.batch.money import amounts, exactly
from openward.determine.batch.outcome import Outcome
from openward.determine.batch.parsed import Parsed
from openward.determine.batch.table import NONE
from openward.determine.decision import Verdict

if TYPE_CHECKING:
    import polars as pl

SCHEMA = "openward.decisions/1"
Positions = NDArray[np.intp]
Small = NDArray[np.int32]
Mask = NDArray[np.bool_]
VERDICTS = tuple(Verdict)
RATES = ("mfn_rate", "preference_rate", "remedy_rate", "total_rate")


class Columns:
    """Answers of a chunk; positions of words stand for texts until :meth:`frames` writes them.

    Parameters
    ----------
    size : int
        Rows of the chunk.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.verdict = np.zeros(size, dtype=np.int8)
        self.rates = {name: np.full(size, np.nan) for name in RATES}
        self.amount = np.full(size, np.nan)
        self.mfn = np.full(size, NONE, dtype=np.int32)
        self.preference = np.full(size, NONE, dtype=np.int32)
        self.remedies: list[Small] = []
        self.unresolved = np.full(size, NONE, dtype=np.int32)
        self.unverified = np.zeros(size, dtype=np.bool_)
        self.currency: dict[int, str] = {}
        self.names: list[str] = []
        self._named: dict[str, int] = {}
        self._texts: list[str] = []
        self._text_at: dict[str, int] = {}

    def tabled(
        self,
        compiled: Compiled,
        found: Found,
        at: Positions,
        easy: Mask,
        *,
        refused: Mask,
        proven: Mask,
        value: NDArray[np.float64],
        minor: NDArray[np.int8],
    ) -> None:
        """Fill rows that were answered from tables.

        Parameters
        ----------
        compiled : Compiled
        found : Found
        at : index array
            Rows of the chunk, one for each row of ``found``; the other arrays are in its order.
        easy, refused, proven : bool array
            Rows to fill; rows that claim nothing; rows with a proof.
        value : float array
        minor : int8 array
            Decimal digits of the minor unit of the currency.
        """
        variants = compiled.variants
        if not len(variants) or not easy.any():
            return
        offset = len(self.names)
        self.names += variants.ids
        rows = at[easy]
        plain, best, second = found.plain[easy], found.best[easy], found.second[easy]
        refused, proven = refused[easy], proven[easy]
        claimed = np.where(refused, plain, found.claimed[easy])
        rate, measure, unverified = variants.rate, variants.measure, variants.unverified
        preferred = variants.relief[claimed]
        self.mfn[rows] = measure[plain] + offset
        self.preference[rows] = np.where(preferred, measure[claimed] + offset, NONE)
        remedy, some = self._additions(found, easy, rows, compiled, offset)
        total = rate[claimed] + remedy
        self.rates["mfn_rate"][rows] = rate[plain] / SCALE
        self.rates["preference_rate"][rows] = np.where(preferred, rate[claimed] / SCALE, np.nan)
        self.rates["remedy_rate"][rows] = np.where(some, remedy / SCALE, np.nan)
        self.rates["total_rate"][rows] = total / SCALE
        self.amount[rows] = amounts(value[easy], total, minor[easy])
        self.unverified[rows] |= unverified[claimed]
        open_ = ~proven & ~refused & (best >= 0)
        alone = open_ & (rate[second] != rate[claimed])
        some_claim = open_ & ~alone & (rate[plain] != rate[claimed])
        facts = np.array([self._text(fact) for fact in variants.facts] + [NONE], dtype=np.int32)
        told = np.where(alone, facts[variants.fact[best]], NONE)
        self.unresolved[rows] = np.where(some_claim, self._text("originating"), told)
        verdict = np.where(total == 0, VERDICTS.index(Verdict.FREE), VERDICTS.index(Verdict.PAY))
        verdict[alone | some_claim] = VERDICTS.index(Verdict.UNRESOLVED)
        self.verdict[rows] = verdict

    def _additions(
        self, found: Found, easy: Mask, rows: Positions, compiled: Compiled, offset: int
    ) -> tuple[NDArray[np.int64], Mask]:
        """Sum what is added, and write down the measures."""
        variants = compiled.variants
        total, count = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int32)
        for added in found.additions:
            held = added.at[easy]
            with_one = np.flatnonzero(held >= 0)
            if not len(with_one):
                continue
            lists, mine = added.lists, held[with_one]
            length, start = lists.lengths()[mine], lists.offsets[mine]
            for turn in range(int(length.max())):
                more = np.flatnonzero(length > turn)
                duty, row = lists.values[start[more] + turn], with_one[more]
                total[row] += variants.rate[duty]
                self.unverified[rows[row]] |= variants.unverified[duty]
                self._add_remedies(rows[row], count[row], variants.measure[duty] + offset)
                count[row] += 1
        return total, count > 0

    def _add_remedies(self, rows: Positions, place: Small, names: Small) -> None:
        for slot in range(int(place.max(initial=-1)) + 1):
            if slot == len(self.remedies):
                self.remedies.append(np.full(self.size, NONE, dtype=np.int32))
            here = place == slot
            self.remedies[slot][rows[here]] = names[here]

    def told(self, parsed: Parsed, at: Sequence[Positions], outcomes: Sequence[Outcome]) -> None:
        """Fill rows from the interpreter's answers: ``at[k]`` are the rows of ``outcomes[k]``."""
        if not outcomes:
            return
        rows = np.concatenate(at)
        which = np.repeat(np.arange(len(outcomes)), [len(one) for one in at])

        def each(values: Sequence[object], kind: type[np.generic] | str) -> NDArray[Any]:
            return np.array(values, dtype=kind)[which]

        self.verdict[rows] = each([VERDICTS.index(o.verdict) for o in outcomes], np.int8)
        for name in RATES:
            rates = [getattr(o, name) for o in outcomes]
            self.rates[name][rows] = each([np.nan if r is None else float(r) for r in rates], np.float64)
        self.mfn[rows] = each([self._name(o.mfn) for o in outcomes], np.int32)
        self.preference[rows] = each([self._name(o.preference) for o in outcomes], np.int32)
        self.unverified[rows] = each([o.unverified for o in outcomes], np.bool_)
        texts = [self._text("; ".join(o.unresolved)) if o.unresolved else NONE for o in outcomes]
        self.unresolved[rows] = each(texts, np.int32)
        most = max(len(o.remedies) for o in outcomes)
        for slot in range(most):
            names = [self._name(o.remedies[slot]) if slot < len(o.remedies) else NONE for o in outcomes]
            self._add_remedies(rows, np.full(len(rows), slot, dtype=np.int32), each(names, np.int32))
        self._amounts(parsed, at, outcomes)

    def _amounts(self, parsed: Parsed, at: Sequence[Positions], outcomes: Sequence[Outcome]) -> None:
        for rows, outcome in zip(at, outcomes, strict=True):
            if not outcome.by_rate:
                if outcome.amount is not None:
                    self.amount[rows] = float(outcome.amount)
                    self.currency.update(dict.fromkeys(rows.tolist(), outcome.currency))
                continue
            rate = outcome.total_rate
            if rate is None:
                continue
            whole = scaled(rate)
            if whole is None:
                self.amount[rows] = [exactly(parsed.value[row], rate, parsed.minor[row]) for row in rows]
            else:
                self.amount[rows] = amounts(parsed.value[rows], np.int64(whole), parsed.minor[rows])

    def _name(self, name: str) -> int:
        if not name:
            return NONE
        if name not in self._named:
            self._named[name] = len(self.names)
            self.names.append(name)
        return self._named[name]

    def _text(self, text: str) -> int:
        if text not in self._text_at:
            self._text_at[text] = len(self._texts)
            self._texts.append(text)
        return self._text_at[text]

    def frames(self, parsed: Parsed) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Write the columns out: decisions, and rows with a fault."""
        import polars as pl

        broken = parsed.faults.broken
        names = pl.Series(self.names, dtype=pl.String)
        remedies = _listed(names, self.remedies, self.size)
        other = np.where(self.preference == self.mfn, NONE, self.preference)
        trace = _listed(names, [self.mfn, other, *self.remedies], self.size)
        currency = parsed.frame["currency"].cast(pl.String).str.strip_chars()
        if self.currency:
            words = currency.to_list()
            rows = sorted(row for row, word in self.currency.items() if word != words[row])
            currency = currency.scatter(rows, [self.currency[row] for row in rows])
        out = pl.DataFrame(
            {
                "row": parsed.frame["row"],
                "verdict": pl.Series([v.value for v in VERDICTS]).gather(self.verdict),
                "mfn_rate": _nullable(self.rates["mfn_rate"]),
                "mfn": _words(names, self.mfn),
                "preference_rate": _nullable(self.rates["preference_rate"]),
                "preference": _words(names, self.preference),
                "remedy_rate": _nullable(self.rates["remedy_rate"]),
                "remedies": remedies,
                "total_rate": _nullable(self.rates["total_rate"]),
                "amount": _nullable(self.amount),
                "currency": currency,
                "unresolved": _words(pl.Series(self._texts, dtype=pl.String), self.unresolved),
                "unverified": pl.Series(self.unverified),
                "trace": trace,
            }
        )
        if not broken.any():
            return out, rejected(parsed.frame.clear(), [])
        bad = np.flatnonzero(broken)
        kept = pl.Series(~broken)
        return out.filter(kept), rejected(parsed.frame[bad.tolist()], parsed.faults.words(bad))


def empty_decisions(*, row: pl.DataType) -> pl.DataFrame:
    """Give the columns of the decision file without rows."""
    import polars as pl

    text, number = pl.String(), pl.Float64()
    return pl.DataFrame(
        schema={
            "row": row,
            "verdict": text,
            "mfn_rate": number,
            "mfn": text,
            "preference_rate": number,
            "preference": text,
            "remedy_rate": number,
            "remedies": pl.List(text),
            "total_rate": number,
            "amount": number,
            "currency": text,
            "unresolved": text,
            "unverified": pl.Boolean(),
            "trace": pl.List(text),
        }
    )


def rejected(frame: pl.DataFrame, reasons: list[str]) -> pl.DataFrame:
    """Give rows as they came, with the reason why each was set aside."""
    import polars as pl

    return frame.with_columns(pl.Series("reason", reasons, dtype=pl.String))


def _nullable(values: NDArray[np.float64]) -> pl.Series:
    import polars as pl

    return pl.Series(values, nan_to_null=True)


def _positions(at: NDArray[np.int32]) -> pl.Series:
    import polars as pl

    held = pl.Series(at)
    return pl.select(pl.when(held >= 0).then(held)).to_series()


def _words(words: pl.Series, at: Small) -> pl.Series:
    return words.gather(_positions(at))


def _listed(words: pl.Series, slots: list[Small], size: int) -> pl.Series:
    """Give lists of the words of several columns, without the gaps."""
    import polars as pl

    if not slots or not size:
        none = pl.Series([[]], dtype=pl.List(pl.String))
        return none.new_from_index(0, size) if size else none.clear()
    place = np.stack(slots, axis=1)
    held = place >= 0
    order = np.argsort(~held, axis=1, kind="stable")
    flat = np.take_along_axis(place, order, axis=1).ravel()
    lists = _words(words, flat).reshape((size, len(slots))).arr.to_list()
    lengths = pl.Series("n", held.sum(axis=1).astype(np.uint32))
    return (
        pl.DataFrame({"list": lists, "n": lengths}).select(pl.col("list").list.head(pl.col("n"))).to_series()
    )
