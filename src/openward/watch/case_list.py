"""Anti-dumping cases as a warning of their own: a heading hit from one origin is hit again from another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import polars as pl

from openward.codes.economies import economies
from openward.errors import InputError, MissingDataError
from openward.observe.dictionary import dataset
from openward.observe.tables import locate
from openward.watch.backtest import Report, Score
from openward.watch.feeds import Notice
from openward.watch.panel import month_after

AHEAD_MONTHS = 24
PAST_MONTHS = 60
TRAIN_FROM, SPLIT, LAST = date(1990, 1, 1), date(2008, 1, 1), date(2017, 12, 1)


@dataclass(frozen=True, slots=True)
class Wave:
    """Initiations on one heading (four digits) in one month, with the partners they are against."""

    heading: str
    month: date
    partners: frozenset[str]


def read_waves(path: Path) -> tuple[tuple[Wave, ...], int]:
    """Read the list of cases; give the waves and the number of cases without a date or a code."""
    frame = pl.read_parquet(path, columns=["partner_affected", "initiation", "hs"])
    cases: dict[tuple[str, date], set[str]] = {}
    left_out = 0
    for partner, begun, codes in frame.iter_rows():
        headings = {code[:4] for code in re.findall(r"\d{4,10}", codes or "")}
        if not headings or not re.match(r"\d{4}-\d\d-\d\d", begun or ""):
            left_out += 1
            continue
        month = date.fromisoformat(begun[:10]).replace(day=1)
        for heading in headings:
            cases.setdefault((heading, month), set()).update(partner_codes(partner))
    waves = [Wave(heading, month, frozenset(names)) for (heading, month), names in cases.items()]
    return tuple(sorted(waves, key=lambda one: (one.month, one.heading))), left_out


def partner_codes(text: str) -> tuple[str, ...]:
    """Read partners as the list writes them, with commas between; a name nobody knows stays a name."""
    rest, found = text.strip(), []
    for name, code in _NAMES.items():
        if name in rest:
            rest = rest.replace(name, "")
            found.append(code)
    by_name = {one.name: one.code for one in economies().values()}
    found += [by_name.get(name.strip(), name.strip()) for name in rest.split(",") if name.strip()]
    return tuple(sorted(found))


def case_notices(path: Path) -> tuple[tuple[Notice, ...], int]:
    """Read the list of cases as notices; give them and the number of cases left out.

    A case gives a notice of its initiation, of the definitive duty and of its end, each where it has a date.
    Left out are cases without any date, or against a partner that is no economy now.
    """
    names = ["partner_affected", "product_description", "hs", "initiation", "in_force", "withdrawn"]
    found, left_out = [], 0
    for partner, product, hs, *dates in pl.read_parquet(path, columns=names).select(names).iter_rows():
        codes = tuple(dict.fromkeys(re.findall(r"\d{4,10}", hs or "")))
        kinds = zip(("initiation", "definitive", "withdrawn"), dates, strict=True)
        known = [
            (kind, date.fromisoformat(day[:10])) for kind, day in kinds if re.match(r"\d{4}-", day or "")
        ]
        against = [code for code in partner_codes(partner) if code in economies()]
        left_out += not (known and against)
        found += [
            Notice(day, "USA", code, kind, "anti-dumping duty", codes, product.strip(), "WTO I-TIP")
            for kind, day in known
            for code in against
        ]
    return tuple(sorted(found, key=lambda one: (one.on, one.against, one.title))), left_out


_NAMES = MappingProxyType(
    {
        "Korea, Republic of": "KOR",
        "Saudi Arabia, Kingdom of": "SAU",
        "Venezuela, Bolivarian Republic of": "VEN",
        "Moldova, Republic of": "MDA",
        "Yugoslavia, Socialist Federal Republic of": "Yugoslavia",
        "Chinese Taipei": "TWN",
        "Russian Federation": "RUS",
        "Czech Republic": "CZE",
        "Turkey": "TUR",
    }
)
"""Names of the list that hold a comma or differ from those of `openward.codes`."""


def score_waves(waves: Sequence[Wave], *, first: date, last: date, least: int) -> Score:
    """Score the warning "this heading will be hit again within 24 months".

    It speaks when a wave brings the partners named on the heading within 60 months to `least` or more. It is
    true where a later wave within 24 months names a partner the heading's waves had not named. Recall counts
    the waves of the span, each found where the warning stood when it came.
    """
    by_heading: dict[str, list[Wave]] = {}
    for wave in waves:
        by_heading.setdefault(wave.heading, []).append(wave)
    alerts = true = found = labels = 0
    leads: list[int] = []
    for own in by_heading.values():
        for k, wave in enumerate(own):
            earlier = [o for o in own[:k] if o.month >= month_after(wave.month, -AHEAD_MONTHS)]
            if first <= wave.month <= last:
                labels += 1
                standing = [o for o in earlier if _partners(own, o.month) >= least]
                found += bool(standing)
                leads += [_months(standing[0].month, wave.month)] if standing else []
                if _partners(own, wave.month) >= least:
                    alerts += 1
                    named = frozenset[str]().union(*(o.partners for o in own[: k + 1]))
                    later = [o for o in own[k + 1 :] if o.month <= month_after(wave.month, AHEAD_MONTHS)]
                    true += any(o.partners - named for o in later)
    span = _months(first, last) + 1
    middle = sorted(leads)[len(leads) // 2] if leads else None
    return Score(
        alerts,
        true,
        labels,
        found,
        true / alerts if alerts else None,
        found / labels if labels else None,
        float(middle) if middle is not None else None,
        (alerts - true) / span,
    )


def backtest_cases(data: Path | None) -> Report:
    """Choose how many partners it takes on cases up to 2007, score on 2008 to 2017 (outcomes to 2019)."""
    public = dataset("us-anti-dumping-cases")
    path = locate(public, data) if data is not None else None
    if path is None:
        raise MissingDataError("the list of cases is not there", hint=f"--data with {public.file} in it")
    waves, left_out = read_waves(path)
    cut = month_after(SPLIT, -AHEAD_MONTHS - 1)
    known = [wave for wave in waves if wave.month < SPLIT]
    best, precision = 1, -1.0
    for least in range(1, 7):
        trained = score_waves(known, first=TRAIN_FROM, last=cut, least=least)
        if trained.precision is not None and trained.alerts >= 20 and trained.precision > precision:
            best, precision = least, trained.precision
    if precision < 0:
        raise InputError("too few cases to choose from", where=str(path), hint="the list begins in 1977")
    tested = score_waves(waves, first=SPLIT, last=LAST, least=best)
    always = score_waves(waves, first=SPLIT, last=LAST, least=1)
    return Report(
        name="us-cases",
        rule="hit-again",
        train=f"{TRAIN_FROM:%Y-%m} to {cut:%Y-%m}, outcomes to 2007-12",
        test=f"{SPLIT:%Y-%m} to {LAST:%Y-%m}, outcomes to 2019-12",
        threshold=float(best),
        score=tested,
        notes=(
            f"{left_out} cases without a date or a code are left out",
            f"every wave as a warning: precision {always.precision or 0:.3f}, "
            f"recall {always.recall or 0:.3f}",
        ),
    )


def _partners(own: Sequence[Wave], month: date) -> int:
    past = [wave for wave in own if month_after(month, -PAST_MONTHS) < wave.month <= month]
    return len(frozenset[str]().union(*(wave.partners for wave in past)))


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
