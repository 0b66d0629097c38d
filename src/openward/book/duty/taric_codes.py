"""Codes of TARIC: duty expressions, measurement units, qualifiers, and how sentences print them.

Units keep what they measure: where Recommendation 20 has no code of its own (kilogram of methylamines), the
unit is the plain one and ``of`` says the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openward.book.duty.selectors import Count, Factor, Percent


@dataclass(frozen=True, slots=True)
class Expression:
    """A duty expression: its two digits, what stands before the amount, and the Meursing component.

    ``what`` is filled for expressions without an amount.
    """

    code: str
    sign: str
    what: str = ""


EXPRESSIONS: dict[str, Expression] = {
    e.code: e
    for e in (
        Expression("01", ""),
        Expression("02", "-"),
        Expression("04", "+"),
        Expression("12", "+", "AC"),
        Expression("14", "+", "AC reduced"),
        Expression("15", "MIN"),
        Expression("17", "MAX"),
        Expression("19", "+"),
        Expression("20", "+"),
        Expression("21", "+", "SD"),
        Expression("25", "+", "SD reduced"),
        Expression("27", "+", "FD"),
        Expression("29", "+", "FD reduced"),
        Expression("35", "MAX"),
        Expression("36", "-"),
        Expression("37", "", "NIHIL"),
        Expression("40", "", "export refunds for cereals"),
        Expression("41", "", "export refunds for rice"),
        Expression("42", "", "export refunds for eggs"),
        Expression("43", "", "export refunds for sugar"),
        Expression("44", "", "export refunds for milk products"),
        Expression("99", "", "unit"),
    )
}
REFUNDS = {code: e.what for code, e in EXPRESSIONS.items() if e.what.startswith("export")}
MEURSING = {e.what: code for code, e in EXPRESSIONS.items() if e.what[:2] in ("AC", "SD", "FD")}
WORDS: tuple[tuple[str, str], ...] = (
    ("AC (reduced)", "14"),
    ("AC reduced", "14"),
    ("ACR", "14"),
    ("EAR", "14"),
    ("EA R", "14"),
    ("AC", "12"),
    ("EA", "12"),
    ("SD (reduced)", "25"),
    ("SD reduced", "25"),
    ("SDR", "25"),
    ("ADSZR", "25"),
    ("SD", "21"),
    ("ADSZ", "21"),
    ("FD (reduced)", "29"),
    ("FD reduced", "29"),
    ("FDR", "29"),
    ("ADFMR", "29"),
    ("FD", "27"),
    ("ADFM", "27"),
    ("NIHIL", "37"),
    *((name, code) for code, name in REFUNDS.items()),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a unit and a qualifier measure: ``per`` ``unit`` of ``of``, multiplied by ``times``."""

    unit: str
    per: int = 1
    of: str = ""
    times: Factor | None = None


UNITS: dict[str, Measured] = {
    **{
        code: Measured(code)
        for code in [
            "CCT",
            "CEN",
            "CTM",
            "DTN",
            "GRM",
            "HLT",
            "KGM",
            "KMT",
            "KNI",
            "KPO",
            "KPP",
            "KSD",
            "LPA",
            "LTR",
            "MIL",
            "MTK",
            "MTQ",
            "MTR",
            "MWH",
            "NAR",
            "NCL",
            "NPR",
            "TJO",
            "TNE",
        ]
    },
    "ASV": Measured("HLT", times=Percent("alcohol")),
    "DAP": Measured("TNE", 10, "raw sugar corrected for polarization"),
    "DHS": Measured("KGM", 1, "dihydrostreptomycin"),
    "GFI": Measured("GRM", 1, "fissile isotopes"),
    "GP1": Measured("KGM", 1, "gross product"),
    "GRT": Measured("GT"),
    "HMT": Measured("MTR", 100),
    "KAC": Measured("KGM", 1, "acesulfame potassium, net"),
    "KCC": Measured("KGM", 1, "choline chloride"),
    "KCL": Measured("TNE", 1, "potassium chloride"),
    "KLT": Measured("LTR", 1000),
    "KMA": Measured("KGM", 1, "methylamines"),
    "KNS": Measured("KGM", 1, "hydrogen peroxide"),
    "KPH": Measured("KGM", 1, "potassium hydroxide"),
    "KSH": Measured("KGM", 1, "sodium hydroxide"),
    "KUR": Measured("KGM", 1, "uranium"),
    "MPR": Measured("NPR", 1000),
    "SPQ": Measured("LPA", times=Count("small producer rate")),
    "TCE": Measured("TNE", 1, "carbon dioxide equivalent"),
    "WAT": Measured("WTT"),
}
# Units of an ad valorem component: whose value the rate is charged on.
VALUES = {"RET": "retail price"}

QUALIFIERS: dict[str, str] = {
    "A": "total alcohol",
    "C": "1000",
    "E": "drained weight",
    "F": "common wheat",
    "G": "gross weight",
    "I": "biodiesel content",
    "J": "fuel content",
    "K": "bioethanol content",
    "L": "live weight",
    "M": "dry matter",
    "P": "lactic matter",
    "R": "standard quality",
    "S": "raw sugar",
    "T": "dry lactic matter",
    "X": "hectoliter",
    "Z": "sucrose",
}
PERMITTED: dict[str, str] = {
    "ASV": "X",
    "DTN": "EFGLMRSZ",
    "GRM": "",
    "HLT": "",
    "KGM": "AEGMPST",
    "LTR": "A",
    "MTQ": "C",
    "TNE": "EIJKMRZ",
}

# As sentences print them; the longest that fits is taken. Codes themselves are read too.
UNIT_WORDS: dict[str, str] = {
    "kg": "KGM",
    "100 kg": "DTN",
    "1000 kg": "TNE",
    "1,000 kg": "TNE",
    "tonne": "TNE",
    "t": "TNE",
    "g": "GRM",
    "l": "LTR",
    "1000 l": "KLT",
    "hl": "HLT",
    "% vol": "ASV",
    "l alc. 100%": "LPA",
    "m": "MTR",
    "100 m": "HMT",
    "km": "KMT",
    "m2": "MTK",
    "m²": "MTK",
    "m3": "MTQ",
    "m³": "MTQ",
    "p/st": "NAR",
    "100 p/st": "CEN",
    "1000 p/st": "MIL",
    "1,000 p/st": "MIL",
    "1,000 items": "MIL",
    "pa": "NPR",
    "1000 pa": "MPR",
    "ce/el": "NCL",
    "ct/l": "CCT",
    "c/k": "CTM",
    "gi F/S": "GFI",
    "GT": "GRT",
    "TJ": "TJO",
    "1000 kWh": "MWH",
    "1,000 kWh": "MWH",
    "Watt": "WAT",
    "kg C5H14ClNO": "KCC",
    "tonne KCl": "KCL",
    "kg methylamines": "KMA",
    "kg met.am.": "KMA",
    "kg N": "KNI",
    "kg H2O2": "KNS",
    "kg KOH": "KPH",
    "kg K2O": "KPO",
    "kg P2O5": "KPP",
    "kg 90 % sdt": "KSD",
    "kg 90% sdt": "KSD",
    "kg NaOH": "KSH",
    "kg U": "KUR",
    "10 000 kg/polar": "DAP",
    "kg DHS": "DHS",
    "Retail Price": "RET",
    "SPQ": "SPQ",
}
QUALIFIER_WORDS: dict[str, str] = {
    "tot alc": "A",
    "tot/alc": "A",
    "total alc.": "A",
    "1 000": "C",
    "1000": "C",
    "net drained wt": "E",
    "net/drained wt": "E",
    "drained wt": "E",
    "net eda": "E",
    "eda": "E",
    "common wheat": "F",
    "gross": "G",
    "br": "G",
    "biodiesel": "I",
    "of biodiesel content": "I",
    "fuel content": "J",
    "bioethanol": "K",
    "live weight": "L",
    "net dry": "M",
    "net mas": "M",
    "mas": "M",
    "lactic matter": "P",
    "std qual": "R",
    "raw sugar": "S",
    "dry lactic matter": "T",
    "hl": "X",
    # The golden sentences print qualifier Z in this way.
    "lactic.": "Z",
    "% sacchar.": "Z",
    "%sacchar.": "Z",
    "net/%sacchar.": "Z",
    "net/%saccha.": "Z",
}
CURRENCIES = {"€": "EUR", "£": "GBP"}


def measured(unit: str, qualifier: str) -> Measured | None:
    """Give what a unit and a qualifier measure; None where the qualifier does not go with the unit."""
    base = UNITS[unit]
    if not qualifier:
        return None if unit == "ASV" else base
    if qualifier not in PERMITTED.get(unit, ""):
        return None
    if qualifier == "X":
        return base
    if qualifier == "Z":
        return Measured(base.unit, base.per, times=Percent("sucrose"))
    if qualifier == "C":
        return Measured(base.unit, 1000)
    return Measured(base.unit, base.per, QUALIFIERS[qualifier])


def coded() -> dict[tuple[str, Decimal, str, Factor | None], tuple[str, str]]:
    """Give unit and qualifier codes by what they measure: :func:`measured` backwards."""
    found: dict[tuple[str, Decimal, str, Factor | None], tuple[str, str]] = {}
    for unit in UNITS:
        for qualifier in ("", *QUALIFIERS):
            what = measured(unit, qualifier)
            if what is not None:
                found.setdefault((what.unit, Decimal(what.per), what.of, what.times), (unit, qualifier))
    return found
