"""Words of the United States tariff: units, what is measured, other lines, and known misprints."""

from __future__ import annotations

import re

# (pattern, unit of Recommendation 20, what is measured); the first that matches is taken.
UNITS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), unit, of)
    for pattern, unit, of in (
        # A proof liter is measured on the alcohol content, whether the line says so or not.
        (r"pf\.? ?liter(?: on ethyl alcohol content)?", "PFL", ""),
        (r"clean kg", "KGM", "clean yield"),
        (r"kg\b", "KGM", ""),
        (r"liter\b", "LTR", ""),
        (r"lin\.? ?m\b", "MTR", ""),
        (r"line/ ?gross", "GRO", "lines"),
        (r"gross", "GRO", ""),
        (r"doz\.? ?prs?\b\.?", "DPR", ""),
        (r"doz\b\.?", "DZN", ""),
        (r"prs?\b\.?", "NPR", ""),
        (r"m2", "MTK", ""),
        (r"m3", "MTQ", ""),
        (r"bbl\b", "BLL", ""),
        (r"head\b", "NAR", ""),
        (r"article\b", "NAR", ""),
        (r"jewel\b", "NAR", "jewels"),
        (r"pack\b", "NAR", "packs"),
        (r"1,?000 pins\b", "MIL", "pins"),
        (r"(?:1,?000|thousand)\b", "MIL", ""),
        (r"t\b", "TNE", ""),
        (r"g\b", "GRM", ""),
        (r"m\b", "MTR", ""),
    )
)
UNIT_NAMES = "kg, liter, doz., m2, bbl, jewel ..."
MEASURED = re.compile(
    r" on (?P<content>drained weight|contents and container|entire contents of container|(?:[a-z]+ )+content)"
    r"|,? (?P<container>including weight of container)"
    r"| of (?P<part>total sugars|immediate containers|recording surface|(?:[a-z]+ )+content)"
)
OVER = re.compile(r" over (\d+)")
DEGREES = re.compile(r" for each degree under (\d+) degrees(?: \(and fractions of a degree in proportion\))?")
LEAST = re.compile(r" but not less(?: than)? ")
OTHER_PIECES = re.compile(r" for each other piece or part")
PLATES = re.compile(
    r", but if (consisting in part of a plate or a set of plates) the total duty shall not exceed "
    r"the duty for the (complete movement)"
)
VALUE_OF = re.compile(
    r" on (?:the )?(?:value of the )?([a-z]+(?:,? [a-z]+)*?)(?:, if any)?(?= ?(?:\+|\(|$))"
    r"| of the (fair retail value|cost of such [a-z ]+?)(?= ?(?:\+|\(|$))"
)
FREE = re.compile(r"free\b(?:, ([a-z].+)| ?\((see u\.s\. note [^()]+)\))?", re.IGNORECASE)
PROGRAMMES = re.compile(r" ?\( ?([A-Z]{1,2}[+*]?(?: ?, ?[A-Z]{1,2}[+*]?)*) ?,? ?\) ?")
PROGRAMMES_STARTED = re.compile(r" ?\( ?(?:[A-Z]{1,2}[+*]? ?, ?)*([A-Z]{1,2}[+*]?)")
NOTE = r"\(see (u\.s\. note \d+ (?:of|to) this subchapter)\)"

# (pattern, what the duty is of, the value it is charged on); \1 ... are taken from the match.
REFERENCES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), to, on)
    for pattern, to, on in (
        (r"no change", "no change", ""),
        (r"the (?:duty|rate) provided(?: for)? in the applicable subheading", "applicable subheading", ""),
        (
            r"the duty rate provided for (originating goods of [a-z]+ in such subheading)",
            r"\1",
            "",
        ),
        (r"the duty rate provided in (such subheading)", r"\1", ""),
        (r"the rate provided for (beneficiary countries in heading [\d.]+)", r"\1", ""),
        (
            r"the rate applicable to (each garment in the ensemble) if (?:separately |entered ?|separately)+",
            r"\1 if separately entered",
            "",
        ),
        (r"the rate applicable to the (natural juice in heading \d+)", r"\1", ""),
        (
            r"the rate of duty applicable to that (article in the set subject to the highest rate of duty)",
            r"\1",
            "",
        ),
        (
            r"the rate applicable to the (article of which it is an? (?:part(?: or accessory)?|accessory))",
            r"\1",
            "",
        ),
        (r"the rate applicable to the complete, assembled(?: movement)?", "complete, assembled movement", ""),
        (r"the rate applicable,? to (each article in the absence of this subheading)", r"\1", ""),
        (
            r"the rate applicable in the (absence of this (?:sub)?heading) on the (cost of such parts)",
            r"\1",
            r"\2",
        ),
        (r"the rate applicable in the (absence of this (?:sub)?heading)", r"\1", ""),
        (
            r"a duty upon the ((?:full )?value of [a-z ]+?(?:,? less [a-z, ]+)?) " + NOTE,
            r"such article, see \2",
            r"\1",
        ),
        (r"see (additional u\.s\. note \d+)", r"\1", ""),
        (r"see (u\.s\. note \d+(?:\([a-z]\))?(?: to this subchapter)?)", r"\1", ""),
        (r"see (\d{4}[\d.]*(?: ?[,-] ?\d{4}[\d.]*)*)", r"\1", ""),
    )
)
LIKE_ARTICLES = re.compile(
    r"a duty (?:\(in lieu of any other duty or tax\) )?equal to the (?:duty|sum of any (?P<taxed>duty and "
    r"internal-revenue tax) imposed) upon the importation of like articles not previously exported, but in "
    r"no case in excess of the sum of \(a\) any (?P<first>[^()]+?), and \(b\) (?:any |the )"
    r"(?P<second>[^()]+)$",
    re.IGNORECASE,
)

# Misprints of the edition of 2025, each repaired only where it stands; everything else is read as printed.
REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"internal- revenue", "internal-revenue"),
        (r"([a-z])- (?=[a-z])", r"\1"),
        (r"\binthe\b", "in the"),
        (r"\bin the in the\b", "in the"),
        (r"\boralterations\b", "or alterations"),
        (r"\bthebattery\b", "the battery"),
        (r"\bweght\b", "weight"),
        (r"\bm2of\b", "m2 of"),
        (r"m²", "m2"),
        (r"m³", "m3"),
        (r"/ (?=[a-z])", "/"),
        (r"¢ /", "¢/"),
    )
)
