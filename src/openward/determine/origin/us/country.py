"""The country of any good under 19 CFR part 102: textiles by 102.21, all else by 102.11."""

from __future__ import annotations

from pathlib import Path

from openward.determine.origin.codes import covered
from openward.determine.origin.good import Good
from openward.determine.origin.us.answer import CountryAnswer
from openward.determine.origin.us.goods import country_of_goods
from openward.determine.origin.us.rules import load_part
from openward.determine.origin.us.textile import TextileFacts, country_of_textile

_PLACES = {
    "knit to shape in": "knit_in",
    "wholly assembled in": "assembled_in",
    "most important process in": "most_important_in",
    "last important process in": "last_important_in",
}


def country_of(good: Good, data: Path, *, is_set: bool = False) -> CountryAnswer:
    """Say which country a good is from.

    Parameters
    ----------
    good : Good
        For a textile its facts may read ``"wholly assembled in VNM": true``, ``"of cotton or wool": false``,
        ``"fabric-making process in CHN": true``, ``"two or more component parts": true``.
    data : Path
        Folder with the published data.
    is_set : bool
        The good is classified as a set.
    """
    textiles = load_part(data, "102.21")
    if covered(textiles.covers, good.code):
        return country_of_textile(good, textiles, textile_facts(good))
    return country_of_goods(good, load_part(data, "102.20"), is_set=is_set)


def textile_facts(good: Good) -> TextileFacts:
    """Read the facts of production out of the facts of a good."""
    places: dict[str, str] = {}
    processes: dict[str, str] = {}
    for words, truth in good.facts.items():
        head, _, where = words.rpartition(" in ")
        if not truth or len(where) != 3 or not where.isupper():
            continue
        place = _PLACES.get(f"{head.lower()} in")
        if place:
            places[place] = where
        processes[head.lower()] = where
    return TextileFacts(
        process_in=processes,
        conditions=good.facts,
        of_cotton_or_wool=good.fact("of cotton or wool"),
        **places,  # type: ignore[arg-type]
    )
