"""SDMX services of WITS, the IMF, the OECD, Eurostat and the United Nations: asked and read through sdmx1."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from openward.errors import InputError
from openward.observe.dictionary import dataset
from openward.observe.sources.areas import WORLD, alpha3
from openward.observe.sources.cache import vintage_of
from openward.observe.sources.model import (
    Download,
    Licence,
    Loaded,
    Option,
    Options,
    Request,
    Source,
    today,
)
from openward.observe.sources.sdmx_messages import Observation, read_message

_OPTIONS = (
    Option("flow", "dataflow, with agency and version where the service wants them", "IMTS", required=True),
    Option("key", "codes of the dimensions with dots; all by default", "CHN.XG_FOB_USD.USA.A"),
    Option("year", "first and last year", "2020-2023"),
)
_GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"


def _source(
    name: str, title: str, publisher: str, page: str, licence: Licence, gives: tuple[str, ...]
) -> Source:
    return Source(
        name=name,
        title=title,
        publisher=publisher,
        page=page,
        licence=licence,
        gives=gives,
        layout="SDMX-ML 2.1 (generic or structure-specific), SDMX-JSON 1.0, or SDMX-CSV",
        options=_OPTIONS,
        address=f"by sdmx1, service {_SERVICES[name]}",
    )


_SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "sdmx-wits": "WB",
        "sdmx-imf": "IMF_DATA",
        "sdmx-oecd": "OECD",
        "sdmx-eurostat": "ESTAT",
        "sdmx-unsd": "UNSD",
    }
)

SOURCES: tuple[Source, ...] = (
    _source(
        "sdmx-wits",
        "World Integrated Trade Solution",
        "World Bank",
        "https://wits.worldbank.org",
        Licence(
            "World Bank terms for datasets; UN Comtrade agreement for what derives from it",
            "https://wits.worldbank.org/about_wits.html",
            "Free for analysis; name WITS and the original source; no bulk passing on of Comtrade rows.",
            "World Bank, World Integrated Trade Solution (WITS)",
        ),
        ("trade-total", "series"),
    ),
    _source(
        "sdmx-imf",
        "IMF data",
        "International Monetary Fund",
        "https://data.imf.org",
        Licence(
            "IMF copyright and usage",
            "https://www.imf.org/external/terms.htm",
            "Free to use with the IMF named; pass data on with the notice that they are free at the IMF.",
            "International Monetary Fund",
        ),
        ("trade-total", "series"),
    ),
    _source(
        "sdmx-oecd",
        "OECD Data Explorer",
        "OECD",
        "https://data-explorer.oecd.org",
        Licence(
            "CC BY 4.0 (data since July 2024), OECD terms and conditions",
            "https://www.oecd.org/en/about/terms-conditions.html",
            "Free to use and share if the OECD and the data set are named; adaptations must be called so.",
            "OECD, data set and date of access",
        ),
        ("fdi-flows", "series"),
    ),
    _source(
        "sdmx-eurostat",
        "Eurostat",
        "European Commission",
        "https://ec.europa.eu/eurostat",
        Licence(
            "Eurostat copyright (CC BY 4.0)",
            "https://ec.europa.eu/eurostat/help/copyright-notice",
            "Free to use and share, also for profit, if Eurostat is named and changes are stated.",
            "Eurostat, code of the data set",
        ),
        ("series",),
    ),
    _source(
        "sdmx-unsd",
        "UNdata",
        "United Nations Statistics Division",
        "https://data.un.org",
        Licence(
            "UNdata terms of use",
            "https://data.un.org/Host.aspx?Content=UNdataUse",
            "Free to copy and share if UNdata is named as the reference.",
            "United Nations, UNdata",
        ),
        ("series",),
    ),
)


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How observations of a dataflow become a dataset."""

    gives: str
    row: Callable[[Observation], dict[str, object] | None]
    needs: tuple[str, ...]


def request(source: Source, options: Options) -> Request:
    """Give the address of a query; sdmx1 knows how each service wants it."""
    import sdmx

    first, _, last = options.get("year", "").partition("-")
    years = {"startPeriod": first, "endPeriod": last or first} if first else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = sdmx.Client(_SERVICES[source.name])
        asked = client.get("data", options["flow"], key=options.get("key", ""), params=years, dry_run=True)
    url = str(asked.url)
    mark = hashlib.sha256(url.encode()).hexdigest()[:8]
    name = re.sub(r"[^A-Za-z0-9]+", "-", options["flow"]).strip("-")
    return Request(
        today(), (Download(url, f"{name}-{mark}.xml", "any", headers={"Accept": _GENERIC}),), is_live=True
    )


def read(source: Source, files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read messages: flows that have a place in the dictionary go there, any other becomes ``series``.

    Raises
    ------
    InputError, InputErrors
        Not SDMX, not whole, or without the dimensions the flow should have; file and place named.
    """
    del work
    flow = options["flow"]
    recipe = next((r for word, r in _RECIPES.items() if word in flow.upper()), None)
    seen = [one for path in files for one in read_message(path)]
    rows, left = [], 0
    if recipe is None:
        rows = [_series(one, flow) for one in seen]
        gives = "series"
    else:
        gives = recipe.gives
        absent = [name for name in recipe.needs if name not in seen[0].dimensions]
        if absent:
            told = ", ".join(seen[0].dimensions)
            raise InputError(
                f"{flow} should have the dimension {absent[0]}", where=files[0].name, hint=f"it has {told}"
            )
        made = [recipe.row(one) for one in seen]
        rows = [row for row in made if row is not None]
        left = len(made) - len(rows)
    schema = {field.name: field.dtype for field in dataset(gives).fields}
    notes = (
        (f"{left} observations of groups, other measures or without a value are left out",) if left else ()
    )
    return (
        Loaded(
            dataset=gives,
            table=pl.DataFrame(rows, schema=schema).lazy(),
            vintage=vintage_of(files[0], options),
            source=f"{source.title}, {flow}",
            licence=source.licence.name,
            notes=notes,
        ),
    )


def _series(one: Observation, flow: str) -> dict[str, object]:
    return {
        "flow": flow,
        "series": ";".join(f"{name}={code}" for name, code in one.dimensions.items()),
        "period": one.period,
        "value": one.value,
        "multiplier": one.multiplier,
    }


def _year(one: Observation) -> int:
    if not re.fullmatch(r"\d{4}", one.period):
        raise InputError(
            f"the period is {one.period!r}, not a year", where=one.where, hint="ask for annual data"
        )
    return int(one.period)


def _imf_trade(one: Observation) -> dict[str, object] | None:
    """IMF, International Merchandise Trade Statistics: exports fob as the exporter reports them."""
    indicator = one.dimensions["INDICATOR"]
    seller, buyer = alpha3(one.dimensions["COUNTRY"]), alpha3(one.dimensions["COUNTERPART_COUNTRY"])
    if indicator != "XG_FOB_USD" or not _are_two(seller, buyer) or one.value is None:
        return None
    return _flow_row(one, seller, buyer, 10.0 ** (one.multiplier or 0) / 1e3)


def _wits_trade(one: Observation) -> dict[str, object] | None:
    """WITS trade statistics: export value of all products, in thousand USD."""
    kept = one.dimensions["INDICATOR"] == "XPRT-TRD-VL" and one.dimensions["PRODUCTCODE"].upper() == "TOTAL"
    seller, buyer = alpha3(one.dimensions["REPORTER"]), alpha3(one.dimensions["PARTNER"])
    if not kept or not _are_two(seller, buyer) or one.value is None:
        return None
    return _flow_row(one, seller, buyer, 1.0)


def _are_two(seller: str, buyer: str) -> bool:
    return bool(seller and buyer) and WORLD not in (seller, buyer) and seller != buyer


def _flow_row(one: Observation, seller: str, buyer: str, factor: float) -> dict[str, object]:
    value = (one.value or 0.0) * factor
    return {"year": _year(one), "exporter": seller, "importer": buyer, "value": value}


_DIRECTIONS = {"DI": "inward", "DO": "outward"}


def _oecd_fdi(one: Observation) -> dict[str, object] | None:
    """OECD, FDI by counterpart (BMD4): net flows or positions in USD, inward (DI) and outward (DO)."""
    codes = one.dimensions
    direction = _DIRECTIONS.get(codes["MEASURE_PRINCIPLE"], "")
    economy = alpha3(codes["REF_AREA"])
    # The world as counterpart is the total of the others: it is in macro, not here.
    other = alpha3(codes["COUNTERPART_AREA"])
    whole = codes.get("TYPE_ENTITY", "ALL") in ("ALL", "_T") and codes.get("ACCOUNTING_ENTRY", "NET") in (
        "NET",
        "NET_FDI",
    )
    measure = {"T_FA_F": "flow", "LE_FA_F": "stock"}.get(codes["MEASURE"], "")
    usd = codes.get("UNIT_MEASURE", "USD_EXC") in ("USD_EXC", "USD")
    if (
        other == WORLD
        or not (direction and economy and other and whole and measure and usd)
        or one.value is None
    ):
        return None
    return {
        "year": _year(one),
        "economy": economy,
        "counterpart": other,
        "direction": direction,
        "measure": measure,
        "value": one.value * 10.0 ** (one.multiplier if one.multiplier is not None else 6) / 1e6,
    }


_RECIPES: Mapping[str, _Recipe] = MappingProxyType(
    {
        "IMTS": _Recipe("trade-total", _imf_trade, ("COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY")),
        "TRADESTATS_TRADE": _Recipe(
            "trade-total", _wits_trade, ("REPORTER", "PARTNER", "PRODUCTCODE", "INDICATOR")
        ),
        "DF_FDI_FLOW_CTRY": _Recipe(
            "fdi-flows", _oecd_fdi, ("REF_AREA", "MEASURE", "MEASURE_PRINCIPLE", "COUNTERPART_AREA")
        ),
    }
)
