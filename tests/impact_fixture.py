"""A made-up impact study of the size and shape of a real one, for tests of what renders it."""

from __future__ import annotations

from datetime import date

import numpy as np

from openward.codes.economies import economy
from openward.impact.result import (
    Assumption,
    BilateralRow,
    DependencyRow,
    EconomyRow,
    EditNote,
    Impact,
    IndustryRow,
    LawPart,
    OpeningPart,
    RateChange,
    ReliabilityPart,
    ReproducePart,
    SafeguardsPart,
    SensitivityRow,
    StressRow,
    Vintage,
)
from openward.simulate.baseline import Baseline, Outcome

CODES = (
    "AGO ARE ARG AUS AUT BEL BGD BGR BLR BRA BRN CAN CHE CHL CHN CIV CMR COD COL CRI "
    "CYP CZE DEU DNK EGY ESP EST FIN FRA GBR GRC HKG HRV HUN IDN IND IRL ISL ISR ITA "
    "JOR JPN KAZ KHM KOR LAO LTU LUX LVA MAR MEX MLT MMR MYS NGA NLD NOR NZL PAK PER "
    "PHL POL PRT ROU RUS SAU SEN SGP STP SVK SVN SWE THA TUN TUR TWN UKR USA VNM ZAF"
)
NAMES = {code: economy(code).name for code in CODES.split()}
SECTORS = {
    "A01": "Agriculture, hunting, forestry",
    "B06": "Extraction of crude petroleum and natural gas",
    "B07": "Mining of metal ores",
    "C10T12": "Food products, beverages and tobacco",
    "C13T15": "Textiles, wearing apparel, leather",
    "C20": "Chemicals and chemical products",
    "C24A": "Basic iron and steel",
    "C24B": "Basic precious and non-ferrous metals",
    "C26": "Computer, electronic and optical products",
    "C29": "Motor vehicles, trailers and semi-trailers",
    "G": "Wholesale and retail trade",
}
PARTIES = ("CHN", "CIV", "CMR", "EGY", "MAR", "NGA", "TUN", "ZAF")
LDC = ("AGO", "COD", "SEN")


def make_impact(*, name: str = "africa-zero-tariff", seed: int = 7) -> Impact:
    """Give a study in which seven African partners gain a little and China loses some revenue."""
    rng = np.random.default_rng(seed)
    return Impact(
        name=name,
        title={"en": "Zero tariffs for African partners", "zh": "对非洲建交国零关税"},
        description="Duty-free entry for goods of 53 African states, in two dated steps.",
        hash="9f2c41d7ab03" + "0" * 52,
        headline=(
            "Real income rises most in Côte d'Ivoire (+0.041 %) and South Africa (+0.029 %); "
            "China gives up USD 1.21 bn of duty and gains 0.0006 % in real income."
        ),
        law=_law(),
        opening=_opening(rng),
        safeguards=_safeguards(rng),
        reliability=_reliability(rng),
        reproduce=ReproducePart(
            command=f"openward impact {name} --from-law 2026-04-30 --html {name}.html",
            python=(
                "import openward\n"
                "from openward.impact.run import study\n"
                f'impact = study("{name}", book="chn")\n'
                "print(impact.headline)\n"
                "for row in impact.opening.economies[:5]:\n"
                "    print(row.economy, row.real_income_pct)"
            ),
        ),
        outcome=_outcome(rng),
        notes=("A percent change of a zero flow is left empty.",),
    )


def _edit(
    index: int, target: str, on: date, sentence: str, *, effective: bool, partners: tuple[str, ...]
) -> EditNote:
    return EditNote(
        index=index,
        kind="add",
        target=target,
        on=on,
        sentence=sentence,
        citation="Tariff Commission of the State Council, announcement 2026 no. 4, art. 1",
        url="https://gss.mof.gov.cn/example?a=1&b=2",
        status="official" if effective else "unverified",
        effective=effective,
        why_not="" if effective else "its partners pay nothing already since 2024-12-01 (chn-ldc-2024)",
        unvalued="",
        lines=8977 if effective else 0,
        partners=partners if effective else (),
        partners_without_effect=tuple((p, "zero since 2024-12-01 as a least developed country") for p in LDC),
        trade_musd=62_480.4 if effective else 0.0,
    )


def _law() -> LawPart:
    first = "From 2024-12-01 China grants least developed countries a rate of 0 % on all products."
    second = (
        "From 2026-05-01 China grants AFRICA53 a rate of 0 % on all products, quota lines inside the quota."
    )
    partners = PARTIES[1:]
    goods = ("A01", "B07", "C10T12", "C13T15", "C20", "C24B", "C26", "C29")
    return LawPart(
        book="chn",
        from_law=date(2026, 4, 30),
        on=date(2026, 5, 1),
        edits=(
            _edit(1, "chn-ldc-2024", date(2024, 12, 1), first, effective=False, partners=LDC),
            _edit(2, "chn-afr53-zero", date(2026, 5, 1), second, effective=True, partners=partners),
        ),
        touched_lines=8977,
        touched_partners=partners,
        touched_trade_musd=62_480.4,
        outside_baseline=("KEN", "ETH", "GHA", "TZA"),
        no_effect=(1,),
        rate_changes=tuple(
            RateChange(
                importer="CHN",
                partner=p,
                sector=s,
                before=0.02 + 0.01 * k,
                after=0.0,
                trade_musd=50.0 * (k + 1) * (len(p) + 1),
                unverified=k % 3 == 0,
            )
            for p in partners
            for k, s in enumerate(goods)
        ),
        unvalued=(),
    )


def _opening(rng: np.random.Generator) -> OpeningPart:
    rows = []
    for code, label in NAMES.items():
        gain = 0.012 + 0.03 * rng.random() if code in PARTIES[1:] else float(rng.normal(-0.0002, 0.0004))
        gain = 0.0006 if code == "CHN" else gain
        terms, volume = gain * 0.7, gain * 0.36
        revenue = 1000.0 * rng.random()
        rows.append(
            EconomyRow(
                economy=code,
                name=label,
                party=code in PARTIES,
                real_income_pct=gain,
                real_income_musd=gain * 4200,
                terms_of_trade_pct=terms,
                volume_of_trade_pct=volume,
                path_integrated_pct=gain * 1.001,
                real_wage_pct=gain * 1.2,
                price_index_pct=gain * 0.5,
                revenue_before_musd=98_211.0 if code == "CHN" else revenue,
                revenue_after_musd=97_001.0 if code == "CHN" else revenue * 1.0002,
                exports_pct=gain * 9 if code != "STP" else None,
                imports_pct=gain * 8,
                trade_created_musd=1850.2 if code == "CHN" else max(gain, 0) * 900,
                trade_diverted_musd=900.7 if code == "CHN" else max(-gain, 0) * 900,
                coverage_before_pct=34.2 if code == "CHN" else 40.0 + 30 * rng.random(),
                coverage_after_pct=36.9 if code == "CHN" else 41.0 + 30 * rng.random(),
                low_pct=gain * 0.6 if gain > 0 else gain * 1.5,
                high_pct=gain * 1.5 if gain > 0 else gain * 0.6,
            )
        )
    bilateral = tuple(
        BilateralRow("CHN", p, 3000.0 * (k + 1), 3000.0 * (k + 1) * (1.05 + k / 50), 100 * (0.05 + k / 50))
        for k, p in enumerate(PARTIES[1:])
    )
    empty = BilateralRow("CHN", "STP", 0.0, 0.0, None)
    return OpeningPart(tuple(rows), (*bilateral, empty), 0.0009, 1850.2, 900.7)


def _safeguards(rng: np.random.Generator) -> SafeguardsPart:
    codes, sectors = list(NAMES), list(SECTORS)

    def industry(sign: float) -> tuple[IndustryRow, ...]:
        rows = []
        for k in range(20):
            economy, sector = codes[(k * 13) % 80], sectors[k % len(sectors)]
            pct, output = sign * 2.4 * 0.8**k, float(10_000 * rng.random() + 50)
            rows.append(IndustryRow(economy, sector, SECTORS[sector], pct, output, output * pct / 100))
        return tuple(rows)

    dependency = tuple(
        DependencyRow(
            economy="CHN",
            sector=s,
            sector_name=SECTORS[s],
            top_before="AUS" if k % 2 else "USA",
            top_share_before=0.18 + 0.05 * k,
            top_after="ZAF" if k == 3 else ("AUS" if k % 2 else "USA"),
            top_share_after=0.18 + 0.05 * k + (0.012 if k % 3 else -0.017),
            hhi_before=0.08 + 0.02 * k,
            hhi_after=0.081 + 0.02 * k,
            imports_musd=120_000.0 / (k + 1),
        )
        for k, s in enumerate(sectors[:10])
    )
    stress = tuple(
        StressRow(
            p, ("USA", "DEU", "JPN") if p == "CHN" else ("CHN", "FRA", "IND"), 1.1 + 0.3 * k, 1.14 + 0.31 * k
        )
        for k, p in enumerate((*PARTIES, "FRA", "VNM", "IDN", "PAK", "BRA"))
    )
    return SafeguardsPart(
        falling=industry(-1.0),
        rising=industry(1.0),
        dependency=dependency,
        stress=stress,
        stress_note="The three largest foreign suppliers stop delivering; nothing else changes.",
    )


def _reliability(rng: np.random.Generator) -> ReliabilityPart:
    sensitivity = tuple(
        SensitivityRow(c, 0.01 + 0.002 * k, 0.018 + 0.002 * k, 0.031 + 0.004 * k + 0.001 * rng.random())
        for k, c in enumerate(PARTIES)
    )
    return ReliabilityPart(
        converged=True,
        iterations=48,
        residual=3.1e-11,
        closure="fixed",
        numeraire="world value added",
        seconds=0.62,
        sensitivity=sensitivity,
        assumptions=(
            Assumption(
                "unverified", "China's MFN rates", "Carried forward from 2019-06-01 to 2026-05-01.", 100.0
            ),
            Assumption(
                "assumed", "KEN to the Union", "Zero duty among partners of an agreement in force.", None
            ),
            Assumption(
                "missing",
                "COD, LAO, TWN",
                "No tariff of their own in the source; held at zero, unchanged.",
                0.0,
            ),
        ),
        vintages=(
            Vintage("OECD inter-country input-output table", "2022", "OECD, 2025 edition", "CC BY 4.0"),
            Vintage("China's tariff by 10-digit line", "2019-06-01", "Ministry of Finance", "official text"),
        ),
    )


def _outcome(rng: np.random.Generator) -> Outcome:
    n, j = len(NAMES), len(SECTORS)
    ones, zeros = np.ones(n), np.zeros(n)
    flows = rng.random((n, n, j)) * 100
    baseline = Baseline(
        name="world-2022",
        year=2022,
        currency="USD",
        scale=1e6,
        source="made up",
        licence="none",
        economies=tuple(NAMES),
        sectors=tuple(SECTORS),
        tradable=np.ones(j, dtype=np.bool_),
        flows=flows,
        tariffs=np.zeros((n, n, j)),
        value_added=np.full((n, j), 0.5),
        use=np.full((n, j, j), 0.5 / j),
        final=np.full((n, j), 1 / j),
        theta=np.full(j, 4.0),
        deficits=zeros,
    )
    return Outcome(
        model="caliendo-parro",
        closure="fixed",
        numeraire="world value added",
        converged=True,
        iterations=48,
        residual=3.1e-11,
        seconds=0.62,
        shock_name="made-up",
        baseline=baseline,
        after=baseline,
        real_income_pct=zeros,
        terms_of_trade_pct=zeros,
        volume_of_trade_pct=zeros,
        path_integrated_pct=zeros,
        real_wage_pct=zeros,
        price_index_pct=zeros,
        wage_hat=ones,
        price_hat=np.ones((n, j)),
        unit_cost_hat=np.ones((n, j)),
        output_hat=np.ones((n, j)),
        output_volume_pct=np.zeros((n, j)),
        tariff_revenue_before=zeros,
        tariff_revenue_after=zeros,
    )
