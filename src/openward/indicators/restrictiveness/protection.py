"""What the tariff does: effective protection of industries, and uniform tariffs that would do the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import numpy as np

from openward.book.model import Book
from openward.errors import InputError, MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.averages import UNKNOWN
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import SECTORS, Array, Tariff, economies_asked, tariff
from openward.indicators.restrictiveness.weights import imports_of
from openward.indicators.tariffs import effective_protection, uniform_equivalent, welfare_equivalent
from openward.observe.input_output import InputOutput

Elasticities = Mapping[str, float] | Literal["equal"]
SAME = (
    "import demand elasticities are an input (`elasticities`, by industry, absolute values); as long as none "
    "are given all goods count as equally elastic"
)
BARE = "tariffs only, unless ad valorem equivalents of other measures are given by industry (`equivalents`)"


@indicator(
    "effective-protection",
    title="Effective rate of protection",
    group="restrictiveness",
    kind="book",
    definition=(
        "Percentage by which tariffs on output and inputs raise an industry's value added above its value at "
        "world prices."
    ),
    formula=(
        r"g_j = \frac{t_j - \sum_i a_{ij} t_i}{1 - \sum_i a_{ij}},\quad"
        r" a_{ij} = b_{ij}\frac{1+t_j}{1+t_i}"
    ),
    inputs=("book", "input-output"),
    keys=("economy", "sector"),
    unit="fraction of value added at world prices",
    reference="Corden (1966), Journal of Political Economy 74(3), equation 1; Balassa (1965)",
    traps=(
        "fixed input coefficients; services count as inputs without duty",
        "the rate of an industry is its applied rate weighted by the imports of the table",
        "an industry whose value added at world prices is not positive is left out: it has no rate",
        "negative where inputs pay more than output: a tariff that taxes the industry it surrounds",
        "home prices are taken to rise by the full duty, also where nothing is imported",
    ),
)
def effective_rate_of_protection(
    *, book: Book, on: date, input_output: InputOutput, economies: Sequence[str] | None = None
) -> Frame:
    """Set the industry's duty against the duties on its inputs."""
    if input_output.sectors != SECTORS or not input_output.is_regular:
        raise MissingDataError(
            "effective protection needs a table of the fifty industries the book has rates for",
            where="input-output",
            hint="the shipped world and the OECD inter-country table have them",
        )
    rows: list[tuple[str, str, float | None]] = []
    for n in economies_asked(book, economies):
        at = input_output.nodes_of(n)
        own, j = input_output.economies.index(n), len(SECTORS)
        bought = input_output.Z[:, at].reshape(-1, j, j)
        output = input_output.output[at]
        coefficients = np.divide(
            bought.sum(axis=0), output[None, :], out=np.zeros((j, j)), where=output[None, :] > 0
        )
        imports = bought.sum(axis=2) + input_output.F[:, own].reshape(-1, j)
        law = tariff(
            book,
            on=on,
            economy=n,
            basis="applied",
            partners=input_output.economies,
            imports=np.maximum(imports, 0.0),
        )
        rates = _by_sector(law)
        if rates is None:
            continue
        found = effective_protection(rates=rates, coefficients=coefficients)
        rows += [
            (n, code, float(found[k]))
            for k, code in enumerate(SECTORS)
            if output[k] > 0 and np.isfinite(found[k])
        ]
    return long_form(("economy", "sector"), rows)


@indicator(
    "otri",
    title="Overall trade restrictiveness index",
    group="restrictiveness",
    kind="book",
    definition="The uniform tariff that would keep the value of imports where the present duties keep it.",
    formula=(
        r"\mathrm{OTRI}_n = \frac{\sum_{il} m_{nil}\,\varepsilon_l\,T_{nil}}"
        r"{\sum_{il} m_{nil}\,\varepsilon_l}"
    ),
    inputs=("book", "trade"),
    keys=("economy",),
    unit="fraction of customs value",
    reference="Kee, Nicita and Olarreaga (2009), Economic Journal 119(534); Anderson and Neary (2003)",
    traps=(SAME, BARE, "partial equilibrium: no effect of one good's price on another's demand", UNKNOWN),
)
def overall_restrictiveness(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    year: int | None = None,
    elasticities: Elasticities = "equal",
    equivalents: Mapping[str, float] | None = None,
) -> Frame:
    """Average applied rates by imports and elasticities."""
    return _index(book, on, trade, economies, year, elasticities, equivalents, power="first")


@indicator(
    "tri",
    title="Trade restrictiveness index",
    group="restrictiveness",
    kind="book",
    definition="The uniform tariff that would cost as much welfare as the present duties do.",
    formula=(
        r"\mathrm{TRI}_n = \left(\frac{\sum_{il} m_{nil}\,\varepsilon_l\,T_{nil}^2}"
        r"{\sum_{il} m_{nil}\,\varepsilon_l}\right)^{1/2}"
    ),
    inputs=("book", "trade"),
    keys=("economy",),
    unit="fraction of customs value",
    reference="Anderson and Neary (1996); Feenstra (1995); Kee, Nicita and Olarreaga (2009)",
    traps=(
        SAME,
        BARE,
        "a second-order approximation; spread inside a class of lines is not seen and would raise it",
        UNKNOWN,
    ),
)
def welfare_restrictiveness(
    *,
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None = None,
    year: int | None = None,
    elasticities: Elasticities = "equal",
    equivalents: Mapping[str, float] | None = None,
) -> Frame:
    """Average squared applied rates by imports and elasticities, and take the root."""
    return _index(book, on, trade, economies, year, elasticities, equivalents, power="second")


def _index(
    book: Book,
    on: date,
    trade: Frame,
    economies: Sequence[str] | None,
    year: int | None,
    elasticities: Elasticities,
    equivalents: Mapping[str, float] | None,
    *,
    power: Literal["first", "second"],
) -> Frame:
    asked = economies_asked(book, economies)
    weights = imports_of(trade, on=on, year=year, importers=asked)
    index = uniform_equivalent if power == "first" else welfare_equivalent
    rows: list[tuple[str, float | None]] = []
    for n in asked:
        one = tariff(
            book, on=on, economy=n, basis="applied", partners=weights.partners, imports=weights.of(n)
        )
        if one.weighed("imports") is None:
            continue
        shape = one.rates.shape
        elastic = np.broadcast_to(_elasticity(one.sectors, elasticities), shape)
        other = np.array([(equivalents or {}).get(code, 0.0) for code in one.sectors])
        known = one.known
        rows.append(
            (
                n,
                index(
                    rates=(one.rates + other)[known],
                    imports=one.imports[known],
                    elasticities=elastic[known],
                ),
            )
        )
    return long_form(("economy",), rows)


def _elasticity(sectors: tuple[str, ...], given: Elasticities) -> Array:
    if isinstance(given, str):
        return np.ones(len(sectors))
    lacking = sorted({code for code in sectors if code not in given})
    wrong = sorted(code for code, value in given.items() if not value > 0)
    if lacking or wrong:
        raise InputError(
            f"no import demand elasticity for {', '.join(lacking)}"
            if lacking
            else f"elasticities are absolute values above zero; not so {', '.join(wrong)}",
            where="elasticities",
            hint="give one for each industry of goods, or 'equal'",
        )
    return np.array([given[code] for code in sectors])


def _by_sector(one: Tariff) -> Array | None:
    """Give applied rates weighted by imports [J]; where nothing is imported the plain mean; services 0."""
    if one.weighed("imports") is None:
        return None
    rates = np.zeros(len(SECTORS))
    for code in dict.fromkeys(one.sectors):
        cells = np.array([s == code for s in one.sectors])
        known, value = one.known[:, cells], one.imports[:, cells]
        if not known.any():
            return None
        weights = np.where(known, value if value[known].sum() > 0 else 1.0, 0.0)
        rates[SECTORS.index(code)] = float((one.rates[:, cells] * weights).sum() / weights.sum())
    return rates
