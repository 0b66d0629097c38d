"""Small monthly tables and alerts for the tests of the watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl

from openward.watch.alert import Alert
from openward.watch.panel import month_after

FIRST = date(2018, 1, 1)


def monthly(
    series: Mapping[tuple[str, str], Sequence[float]],
    *,
    price: float | Sequence[float] = 2.0,
    flow: str = "import",
    reporter: str = "CHN",
    scale: float = 1e6,
) -> pl.LazyFrame:
    """Rows of ``trade-monthly``: tonnes-like numbers times `scale` kg by product and partner."""
    rows = []
    for (product, partner), volumes in series.items():
        prices = [price] * len(volumes) if isinstance(price, int | float) else list(price)
        for k, volume in enumerate(volumes):
            if volume > 0:
                kg = volume * scale
                rows.append((month_after(FIRST, k), reporter, flow, partner, product, kg * prices[k], kg))
    names = ["month", "reporter", "flow", "partner", "product", "value", "quantity"]
    return pl.DataFrame(rows, schema=names, orient="row").lazy()


def steady(months: int, *, seed: int = 1, level: float = 10.0, noise: float = 0.05) -> np.ndarray:
    """A series with a season and little noise."""
    t = np.arange(months)
    rng = np.random.default_rng(seed)
    return level * np.exp(0.1 * np.sin(2 * np.pi * t / 12) + rng.normal(scale=noise, size=months))


def alert(name: str = "stop", *, on: date = FIRST, product: str = "250410") -> Alert:
    """An alert with nothing special about it."""
    return Alert(
        rule=name,
        family="supply",
        subject={"reporter": "CHN", "flow": "export", "product": product, "partner": "WLD"},
        on=on,
        sentence="CHN exports of 250410 to all partners stop.",
        statistic=12.0,
        threshold=10.0,
        meaning="log likelihood ratio",
        window=(on, on),
        evidence=({"month": on.isoformat(), "value_usd": 1.0, "quantity_kg": 2.0, "reported": True},),
        in_force=(),
        announced=(),
        clears="at or above about 6 t a month",
    )
