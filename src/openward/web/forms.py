"""The questions the look-up page asks, each as a form; its fields are the parameters of its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MODE = "mode"


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a question.

    Attributes
    ----------
    name, label : str
    title : str
        What to write, in a sentence.
    example : str
        What the page asks about where nothing is given yet.
    placeholder : str
    choices : str
        Name of the list to pick from; empty for a text.
    more : bool
        Shown only on demand.
    many : bool
        May be given several times.
    size : int
        Columns it takes.
    """

    name: str
    label: str
    title: str = ""
    example: str = ""
    placeholder: str = ""
    choices: str = ""
    more: bool = False
    many: bool = False
    size: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of question.

    Attributes
    ----------
    mode, title, about : str
        Its name in the address, on its tab, and what it answers.
    fields : tuple of Field
    other_names : mapping
        Other names of fields, as the command line calls them, to their own.
    """

    mode: str
    title: str
    about: str
    fields: tuple[Field, ...]
    other_names: dict[str, str] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        """Give a field by its name or another name of it."""
        name = self.other_names.get(name, name)
        return next((one for one in self.fields if one.name == name), None)

    def names(self) -> Iterator[str]:
        """Give every name a parameter may have."""
        yield from (one.name for one in self.fields)
        yield from self.other_names


DAY = Field("on", "Date", "Day of the transaction, such as 2025-06-01", placeholder="YYYY-MM-DD")
KNOWN = Field(
    "known_at", "As known on", "Only what was recorded by this day", placeholder="YYYY-MM-DD", more=True
)
FACT = Field(
    "fact", "Known facts", "name=value, with ; between them", placeholder="name=value; name=value",
    more=True, many=True, size=2,
)  # fmt: skip
PARTIES = Field("party", "Parties", "Names, with ; between them", more=True, many=True, size=2)
OWNS = Field(
    "owns", "Who owns whom", "OWNER:OWNED:SHARE, with ; between them", placeholder="Alpha:Beta:50 %",
    more=True, many=True, size=2,
)  # fmt: skip
END_USE = Field("end_use", "End use", "For example military or civil", more=True)
ZONE = Field("zone", "Zone", "A pilot zone or place; none outside all", placeholder="not known")
DATED = {"as_of": "on"}
IMPORTER = Field("importer", "Importer", choices="importers")
SECTOR = Field(
    "sector", "Sector", "Industry (J61), GB/T 4754 (GBT:63) or ISIC (ISIC:61)", example="J61",
    placeholder="J61, GBT:63, ISIC:61",
)  # fmt: skip
GOODS = Form(
    "goods",
    "Goods",
    "What is due on goods under one code",
    (
        IMPORTER,
        Field("origin", "Origin", "Economy of origin, or unknown", example="KOR", choices="origins"),
        Field("hs", "Product code", "Six to ten digits", example="70131000", placeholder="70131000"),
        DAY,
        Field("value", "Value", "Price or customs value", placeholder="100000", more=True),
        Field("currency", "Currency", "ISO 4217; the importer's own by default", placeholder="CNY",
              more=True),
        Field("quantity", "Quantity", placeholder="1000", more=True),
        Field("unit", "Unit", "UN/ECE Recommendation 20", placeholder="KGM", more=True),
        Field("claim", "Preference claimed", "An agreement, or none", placeholder="RCEP", more=True),
        Field("proof", "Proof of origin", "Proof or document at hand", more=True),
        Field("from", "Shipped from", "Where another place than the origin", placeholder="KOR", more=True),
        Field("edition", "Edition of the code", placeholder="HS2022", more=True),
        Field("additional_code", "Additional code", more=True),
        END_USE,
        Field("zone", "Zone", "Zone the goods enter", more=True),
        KNOWN,
        PARTIES,
        FACT,
    ),
    {"to": "importer", "partner": "origin", **DATED},
)  # fmt: skip
INDUSTRY = Form(
    "industry",
    "Industry average",
    "The average duty over the lines of an industry",
    (
        IMPORTER,
        Field("partner", "Partner", example="ZAF", choices="partners"),
        Field("industry", "Industry", example="C10T12", choices="industries", size=2),
        DAY,
    ),
    {"to": "importer", "from": "partner", "origin": "partner", "sector": "industry", **DATED},
)
EXPORT = Form(
    "export",
    "Export",
    "Whether goods may leave, and what must be applied for",
    (
        Field("to", "Destination", example="USA", choices="partners"),
        Field("hs", "Product code", "Six to ten digits: law of China", example="28258000",
              placeholder="28258000"),
        Field("eccn", "or control number", "ECCN or EAR99: law of the United States", placeholder="3A001"),
        DAY,
        Field("from", "Shipped from", "Where not from the exporting economy", placeholder="CHN", more=True),
        END_USE,
        PARTIES,
        OWNS,
        FACT,
    ),
    {"destination": "to", "importer": "to", **DATED},
)  # fmt: skip
PARTY = Form(
    "party",
    "Party",
    "On which lists a party stands, and what that means",
    (
        Field("name", "Name of the party", "As written on the contract", size=3),
        DAY,
        OWNS,
        Field("listed", "Known to be listed", "Names, with ; between them", more=True, many=True, size=2),
        Field("rule", "Ownership rule", placeholder="usa-ofac-50", more=True),
    ),
    {"party": "name", **DATED},
)
INVESTMENT = Form(
    "investment",
    "Investment",
    "Whether a foreign investment is free, capped, closed or to be reviewed",
    (
        SECTOR,
        Field("stake", "Foreign share", "Of all foreign investors", placeholder="50 %"),
        ZONE,
        DAY,
        Field("activity", "Activity", "Activity of an item, or other", placeholder="value-added-telecom",
              more=True),
        KNOWN,
        FACT,
    ),
    {"industry": "sector", **DATED},
)  # fmt: skip
SERVICES = Form(
    "services",
    "Services",
    "Whether a service from abroad is free, by mode of supply",
    (
        SECTOR,
        Field("supply", "Mode of supply", "Of the General Agreement on Trade in Services", example="1",
              choices="supplies"),
        ZONE,
        DAY,
        KNOWN,
        FACT,
    ),
    {"industry": "sector", **DATED},
)  # fmt: skip
FORMS = (GOODS, INDUSTRY, EXPORT, PARTY, INVESTMENT, SERVICES)
KEPT = frozenset({"on", "known_at", "hs"})
"""What a question keeps when it turns into one of another kind."""
