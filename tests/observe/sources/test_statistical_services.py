"""Services asked through their own libraries: patience, cache, offline, and no key in any message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.observe.sources.faulty_server import Shelf, Step

from openward.errors import InputError, MissingDataError, RefusedError
from openward.observe.sources import comtrade, sdmx_services, worldbank, wto
from openward.observe.sources.answers import PassingFault, keep_answer
from openward.observe.sources.cache import Cache
from openward.observe.sources.catalogue import get
from openward.observe.sources.retrying import Patience
from openward.observe.sources.settings import Settings

ASKED = {"period": "202501", "reporter": "156", "flow": "import", "product": "010121"}
FOUND = {
    "freqCode": "M",
    "period": "202501",
    "reporterCode": 156,
    "flowCode": "M",
    "partnerCode": 842,
    "classificationCode": "H6",
    "cmdCode": "010121",
    "primaryValue": 88000.25,
    "netWgt": None,
}


def quick(**changes: Any) -> Settings:
    return Settings(
        **{"accept_licence": True, "sleep": lambda _: None, "patience": Patience(attempts=3), **changes}
    )


def test_comtrade_is_asked_and_its_answer_kept(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    import comtradeapicall
    import pandas as pd

    calls: list[dict[str, Any]] = []

    def answer(key: str, **asked: Any) -> object:
        calls.append({"key": key, **asked})
        return pd.DataFrame([FOUND])

    monkeypatch.setenv(comtrade.KEY, "s3cr3t")
    monkeypatch.setattr(comtradeapicall, "getFinalData", answer)
    (loaded,) = get("comtrade", options=ASKED, cache=cache, settings=quick())
    assert loaded.frame.collect()["value"].to_list() == [88000.25]
    assert calls[0]["key"] == "s3cr3t"
    assert (calls[0]["freqCode"], calls[0]["flowCode"], calls[0]["customsCode"]) == ("M", "M", "C00")
    get("comtrade", options=ASKED, cache=cache, settings=quick(offline=True))
    get("comtrade", options=ASKED, cache=cache, settings=quick())
    assert len(calls) == 1
    kept = [path.read_text() for path in cache.root.rglob("*") if path.is_file()]
    assert not any("s3cr3t" in text for text in kept)


def test_comtrade_busy_is_passing_and_its_key_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    import comtradeapicall

    def busy(key: str, **asked: Any) -> None:
        print(f'{{"statusCode": 429, "message": "Rate limit, subscription-key={key}"}}')

    monkeypatch.setenv(comtrade.KEY, "s3cr3t")
    monkeypatch.setattr(comtradeapicall, "getFinalData", busy)
    with pytest.raises(PassingFault, match="429") as caught:
        comtrade.ask(ASKED, settings=quick())
    assert "s3cr3t" not in str(caught.value)


def test_comtrade_without_a_key_shows_little_and_says_when_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    import comtradeapicall
    import pandas as pd

    monkeypatch.delenv(comtrade.KEY, raising=False)
    monkeypatch.setattr(comtradeapicall, "previewFinalData", lambda **asked: pd.DataFrame([FOUND] * 500))
    told: list[str] = []
    with pytest.raises(InputError, match="stops at 500 rows") as caught:
        comtrade.ask(ASKED, settings=quick(tell=told.append))
    assert comtrade.KEY in caught.value.hint
    assert comtrade.KEY in told[0]


def test_world_bank_through_wbgapi_against_a_server(shelf: Shelf, cache: Cache, monkeypatch: Any) -> None:
    import wbgapi as wb

    head = {"page": 1, "pages": 1, "per_page": 1000, "total": 1}
    cell = [
        {"concept": "Country", "id": "CHN", "value": "China"},
        {"concept": "Series", "id": "SP.POP.TOTL", "value": "Population, total"},
        {"concept": "Time", "id": "YR2023", "value": "2023"},
    ]
    data = {**head, "source": {"id": "2", "data": [{"variable": cell, "value": 1410710000}]}}
    monkeypatch.setattr(wb, "endpoint", shelf.url)
    monkeypatch.setattr(wb.economy, "aggregates", lambda: {"WLD"})
    concepts = {name: {"key": name, "value": name} for name in ("series", "time")}
    monkeypatch.setattr(
        wb.source, "concepts", lambda db=None: {**concepts, "economy": {"key": "country", "value": "country"}}
    )
    monkeypatch.setattr(wb.time, "_time_values", {wb.db: {"2023": "YR2023"}})
    shelf.steps = [Step(status=503), Step(status=200, body=json.dumps(data).encode())]
    options = {"economy": "CHN", "series": "SP.POP.TOTL", "year": "2023"}
    (loaded,) = get("worldbank", options=options, cache=cache, settings=quick())
    assert loaded.frame.select("economy", "year", "population").collect().rows() == [
        ("CHN", 2023, 1410710000.0)
    ]
    assert len(shelf.seen) == 2


def test_a_service_that_stays_busy_is_given_up(cache: Cache) -> None:
    tries: list[int] = []

    def busy() -> bytes:
        tries.append(1)
        raise PassingFault("the service answered 503")

    with pytest.raises(MissingDataError, match="gave up after 3 tries: the service answered 503"):
        keep_answer(worldbank.SOURCE, "x.json", busy, cache=cache, settings=quick())
    assert len(tries) == 3


def test_an_answer_that_is_not_whole_is_not_kept(cache: Cache) -> None:
    with pytest.raises(InputError, match="JSON is not whole"):
        keep_answer(worldbank.SOURCE, "x.json", lambda: b'[{"a":', cache=cache, settings=quick())
    with pytest.raises(MissingDataError, match="offline"):
        keep_answer(worldbank.SOURCE, "x.json", lambda: b"[]", cache=cache, settings=quick(offline=True))


def test_a_service_is_not_asked_before_its_licence_is_accepted(cache: Cache) -> None:
    with pytest.raises(RefusedError):
        keep_answer(
            worldbank.SOURCE, "x.json", lambda: b"[]", cache=cache, settings=quick(accept_licence=False)
        )


@pytest.mark.parametrize(
    ("name", "flow", "key", "start"),
    [
        (
            "sdmx-wits",
            "DF_WITS_TradeStats_Trade",
            "A.USA.CHN.Total.XPRT-TRD-VL",
            "https://wits.worldbank.org/API/V1/SDMX",
        ),
        (
            "sdmx-imf",
            "IMTS",
            "CHN.XG_FOB_USD.USA.A",
            "https://api.imf.org/external/sdmx/2.1/data/IMTS/CHN.XG",
        ),
        (
            "sdmx-oecd",
            "OECD.DAF.INV,DSD_FDI@DF_FDI_FLOW_CTRY,1.0",
            "all",
            "https://sdmx.oecd.org/public/rest/data/OECD.DAF",
        ),
        (
            "sdmx-eurostat",
            "nama_10_gdp",
            "A.CP_MEUR.B1GQ.DE",
            "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1",
        ),
        ("sdmx-unsd", "DF_UNDATA_COUNTRYDATA", "A.001.CHN", "http://data.un.org/WS/rest/data/DF_UNDATA"),
    ],
)
def test_sdmx_addresses_are_those_of_sdmx1(name: str, flow: str, key: str, start: str) -> None:
    source = next(one for one in sdmx_services.SOURCES if one.name == name)
    request = sdmx_services.request(source, {"flow": flow, "key": key, "year": "2020-2022"})
    (download,) = request.downloads
    assert download.url.startswith(start)
    assert "startPeriod=2020&endPeriod=2022" in download.url
    assert request.is_live


def test_wto_asks_with_a_key_that_is_not_in_the_address() -> None:
    (download,) = wto.request({"indicator": "ITS_MTV_AX", "reporter": "156", "year": "2020-2023"}).downloads
    assert "ps=2020-2023" in download.url
    assert download.key is not None
    assert download.key.variable == "WTO_API_KEY"
    assert "key" not in download.url.lower()


def test_fetched_by_address_then_read_offline(shelf: Shelf, cache: Cache, recorded: Path) -> None:
    shelf.content = (recorded / "2022_SML.csv").read_bytes()
    shelf.steps = [Step(cut_after=200)]
    options = {"year": "2022", "vintage": "2025", "url": shelf.address("2022_SML.csv")}
    (loaded,) = get("icio", options=options, cache=cache, settings=quick())
    assert loaded.vintage == "2025"
    get("icio", options=options, cache=cache, settings=quick(offline=True))
    assert len(shelf.seen) == 2
