"""Short names of industries, for the margin of a chart; tables print the full ones."""

from __future__ import annotations

MOST_CHARACTERS = 24

SHORT = {
    "A01": "Agriculture",
    "A02": "Forestry",
    "A03": "Fishing",
    "B05": "Coal",
    "B06": "Oil and gas",
    "B07": "Metal ores",
    "B08": "Other mining",
    "B09": "Mining services",
    "C10T12": "Food, drink, tobacco",
    "C13T15": "Textiles, clothing",
    "C16": "Wood",
    "C17_18": "Paper, printing",
    "C19": "Refined petroleum",
    "C20": "Chemicals",
    "C21": "Pharmaceuticals",
    "C22": "Rubber, plastics",
    "C23": "Other minerals",
    "C24A": "Iron and steel",
    "C24B": "Non-ferrous metals",
    "C25": "Metal products",
    "C26": "Electronics",
    "C27": "Electrical equipment",
    "C28": "Machinery",
    "C29": "Motor vehicles",
    "C301": "Ships",
    "C302T309": "Other transport eq.",
    "C31T33": "Furniture, other",
    "D": "Electricity, gas",
    "E": "Water, waste",
    "F": "Construction",
    "G": "Trade",
    "H49": "Land transport",
    "H50": "Water transport",
    "H51": "Air transport",
    "H52": "Warehousing",
    "H53": "Post",
    "I": "Hotels, restaurants",
    "J58T60": "Media",
    "J61": "Telecoms",
    "J62_63": "IT services",
    "K": "Finance",
    "L": "Real estate",
    "M": "Professional services",
    "N": "Administrative services",
    "O": "Public administration",
    "P": "Education",
    "Q": "Health",
    "R": "Arts, recreation",
    "S": "Other services",
    "T": "Households",
}


SHORT_ECONOMIES = {
    "COD": "DR Congo",
    "STP": "São Tomé, Príncipe",
}


def short_economy(code: str, name: str) -> str:
    """Give a short name for a chart."""
    return SHORT_ECONOMIES.get(code, name)


def short_industry(code: str, name: str) -> str:
    """Give a short name for a chart: ours for the industries of the world pack, else the name cut."""
    if code in SHORT:
        return SHORT[code]
    return name if len(name) <= MOST_CHARACTERS else name[: MOST_CHARACTERS - 1].rstrip(" ,;") + "…"


def in_sentence(code: str, name: str) -> str:
    """Give an industry's name as it stands inside a sentence."""
    found = short_industry(code, name)
    return found[:1].lower() + found[1:] if found[1:2].islower() else found
