"""The composite index of openness, with its rank interval, and the claims about the economy."""

from __future__ import annotations

from math import ceil, floor, isnan

from openward.errors import MissingDataError, OpenwardError
from openward.report.numbers import listing
from openward.report.profile.model import ClaimCount, IndexRank, Section
from openward.report.profile.reading import Reader, owner, reason

SPEC = "world-openness"
REPLICATES, SEED = 1000, 1
LEDGER = "china-2025"
ORDER = ("confirmed", "differs", "contradicted", "not-checkable")


def index_rank(reader: Reader) -> tuple[IndexRank, Section]:
    """Give the place in the openness index with an interval that holds 90 % of the replicates."""
    from openward.indicators.composite.reading import read_spec

    spec = read_spec(SPEC)
    available, wanted = len(spec.available), len(spec.indicators)
    try:
        found = _ranked(reader, available, wanted)
    except OpenwardError as error:
        why = reason(error)
        if reader.data is None:
            why = "its indicators of other economies do not ship; name a folder of data with --data"
        found = IndexRank(
            spec.title, None, None, None, None, None, None, 0, available, wanted, None, missing=why
        )
    notes = (*spec.notes[:1], f"{available} of {wanted} indicators of the index have data here")
    return found, Section("index", "Openness index", _answer(reader, found), (), notes)


def _ranked(reader: Reader, available: int, wanted: int) -> IndexRank:
    from openward.indicators.composite.build import build
    from openward.indicators.composite.gather import gather
    from openward.indicators.composite.reading import read_spec
    from openward.indicators.composite.uncertainty import rank_intervals

    spec = read_spec(SPEC)
    year = spec.year if reader.year is None or spec.year is None else min(reader.year, spec.year)
    values = gather(spec, reader.data, year=year)
    index = build(spec, values)
    ranked = sum(not isnan(score) for score in index.scores)
    if reader.economy not in index.units or isnan(index.scores[index.units.index(reader.economy)]):
        raise MissingDataError(f"{reader.economy} has too few indicators: {ranked} economies are ranked")
    at = index.units.index(reader.economy)
    unsure = rank_intervals(spec, values, replicates=REPLICATES, seed=SEED)
    held = next(one for one in unsure.intervals if one.unit == reader.economy)
    number = reader.note_source(
        f"{spec.source} (spec {spec.name})", f"year {year}", (*spec.notes, *values.notes)
    )
    return IndexRank(
        title=spec.title,
        year=year,
        score=float(index.scores[at]),
        rank=int(index.ranks[at]),
        low=None if held.low is None else floor(held.low),
        high=None if held.high is None else ceil(held.high),
        of=ranked,
        replicates=unsure.replicates - unsure.failed,
        available=available,
        wanted=wanted,
        source=number,
    )


def claim_count(reader: Reader) -> ClaimCount:
    """Count the verdicts on the published figures about the economy."""
    from openward.book import load
    from openward.claims.check import check
    from openward.claims.reading import load_ledger

    ledger = load_ledger(LEDGER)
    book = load(reader.book)
    if book.economy != reader.economy or not LEDGER.startswith("china") or reader.economy != "CHN":
        return ClaimCount("", (), f"no ledger of published figures about {reader.economy} ships")
    try:
        findings = check(ledger, data=reader.data, book=book)
    except OpenwardError as error:
        return ClaimCount(ledger.name, (), reason(error))
    counts = tuple((verdict, sum(one.verdict == verdict for one in findings)) for verdict in ORDER)
    return ClaimCount(ledger.name, counts)


def claims_sentence(claims: ClaimCount) -> str:
    """Say how many published figures hold."""
    if claims.missing:
        return f"Published figures: {claims.missing}."
    total = sum(number for _, number in claims.counts)
    words = [f"{number} {verdict.replace('-', ' ')}" for verdict, number in claims.counts if number]
    return f"Of {total} published figures in the ledger {claims.ledger}, {listing(words)}."


def _answer(reader: Reader, found: IndexRank) -> str:
    if found.missing:
        return f"{owner(reader.economy)} place in the openness index is not at hand: {found.missing}."
    interval = f", between {found.low} and {found.high} under other choices" if found.low is not None else ""
    return f"{owner(reader.economy)} rank is {found.rank} of {found.of}{interval} ({found.year})."
