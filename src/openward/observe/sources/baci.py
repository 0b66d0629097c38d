"""BACI of CEPII: goods trade by exporter, importer and HS6 product, both sides' reports reconciled."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from openward.codes.economies import ECONOMIES
from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError, UsageError
from openward.observe.sources.areas import UN_SPECIAL, by_m49
from openward.observe.sources.model import Download, Licence, Loaded, Option, Options, Request, Source
from openward.observe.sources.strict_csv import (
    Column,
    check_end,
    check_header,
    explained,
    read_csv,
    refuse_gap,
)

LATEST = "V202501"
"""Release taken where none is named."""

SOURCE = Source(
    name="baci",
    title="BACI, international trade at the product level",
    publisher="CEPII",
    page="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
    licence=Licence(
        name="Etalab Open Licence 2.0",
        url="https://www.etalab.gouv.fr/wp-content/uploads/2018/11/open-licence.pdf",
        summary="Free to use and share, also for profit, if the source and the date of its update are named.",
        attribution="Gaulier and Zignago (2010), BACI, CEPII Working Paper 2010-23; CEPII, BACI vintage used",
    ),
    gives=("trade",),
    layout=(
        "zip with BACI_<edition>_Y<year>_<vintage>.csv (t year, i exporter, j importer, k HS6, "
        "v thousand USD, q tonnes), country_codes_<vintage>.csv and product_codes_<edition>_<vintage>.csv"
    ),
    options=(
        Option("year", "calendar year; several with commas", "2023", required=True),
        Option(
            "edition", "HS92, HS96, HS02, HS07, HS12, HS17 or HS22; the newest of the year by default", "HS22"
        ),
        Option("vintage", f"release; {LATEST} by default", "V202501"),
    ),
    address="https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_{edition}_{vintage}.zip",
)

_COLUMNS = (
    Column("t", "integer"),
    Column("i", "integer"),
    Column("j", "integer"),
    Column("k", pattern=r"[0-9]{6}|[0-9]{4}[A-Z]{2}", says="an HS code of six digits, leading zeros kept"),
    Column("v", "number"),
    Column("q", "number", nullable=True),
)
_NAMES = {"year": "t", "exporter": "i", "importer": "j", "product": "k", "value": "v", "quantity": "q"}
_COUNTRIES = (Column("country_code", "integer"), Column("country_iso3", nullable=True))
_COUNTRIES_OLD = (Column("country_code", "integer"), Column("iso_3digit_alpha", nullable=True))
_MEMBER = re.compile(r"BACI_(HS\d{2})_Y(\d{4})_(V\d{6}[a-z]?)\.csv")
_SINCE = {"HS92": 0, "HS96": 1996, "HS02": 2002, "HS07": 2007, "HS12": 2012, "HS17": 2017, "HS22": 2022}
_EDITIONS = {
    "HS92": "HS1992",
    "HS96": "HS1996",
    "HS02": "HS2002",
    "HS07": "HS2007",
    "HS12": "HS2012",
    "HS17": "HS2017",
    "HS22": "HS2022",
}


def request(options: Options) -> Request:
    """Give the archive of an edition and vintage; it holds all years."""
    first = min(_years(options))
    newest = max((edition for edition, year in _SINCE.items() if year <= first), key=lambda e: _SINCE[e])
    edition, vintage = options.get("edition", newest), options.get("vintage", LATEST)
    if edition not in _EDITIONS:
        raise InputError(f"BACI has no edition {edition!r}", hint=", ".join(_EDITIONS), where="edition")
    if not re.fullmatch(r"V\d{6}[a-z]?", vintage):
        raise InputError(f"{vintage!r} is no vintage of BACI", hint="such as V202501", where="vintage")
    url = SOURCE.address.format(edition=edition, vintage=vintage)
    return Request(vintage, (Download(url, f"BACI_{edition}_{vintage}.zip", "zip"),))


@dataclass(frozen=True, slots=True)
class Member:
    """A year inside the archive.

    Attributes
    ----------
    name : str
    edition : str
        As CEPII writes it, ``HS22``.
    year : int
    vintage : str
    """

    name: str
    edition: str
    year: int
    vintage: str


def years(archive: Path) -> tuple[Member, ...]:
    """Give the years an archive holds, in order.

    Raises
    ------
    InputError
        It is no whole zip, or holds none.
    """
    with _opened(archive) as bundle:
        found = [Member(f[0], f[1], int(f[2]), f[3]) for f in map(_matched, bundle.namelist()) if f]
    if not found:
        hint = "an archive of BACI holds BACI_HS22_Y2023_V202501.csv and its like"
        raise InputError("no year of BACI in the archive", where=archive.name, hint=hint)
    return tuple(sorted(found, key=lambda member: member.year))


def read(files: Sequence[Path], options: Options, *, work: Path) -> tuple[Loaded, ...]:
    """Read years of an archive; each streams to Parquet, so that a year never has to fit into memory.

    Parameters
    ----------
    files : sequence of Path
        The archive.
    options : mapping
        ``year``.
    work : Path
        Folder for the Parquet files.

    Returns
    -------
    tuple of Loaded
        One table ``trade`` a year.

    Raises
    ------
    MissingDataError
        The archive does not have the year.
    InputError, InputErrors
        The layout is another, or a cell is not what it should be; file and line are named.
    """
    (archive,) = files
    held = {member.year: member for member in years(archive)}
    wanted = _years(options)
    absent = [year for year in wanted if year not in held]
    if absent:
        raise MissingDataError(
            f"the archive does not have {', '.join(map(str, absent))}",
            where=archive.name,
            hint=f"it has {min(held)} to {max(held)}",
        )
    return tuple(read_year(archive, held[year], work=work) for year in wanted)


def _years(options: Options) -> list[int]:
    words = [word.strip() for word in options["year"].split(",")]
    odd = [word for word in words if not (word.isascii() and word.isdigit() and len(word) == 4)]
    if odd:
        raise UsageError(f"{odd[0]!r} is not a year", hint="such as 2023 or 2021,2022,2023", where="year")
    return [int(word) for word in words]


def read_year(archive: Path, member: Member, *, work: Path) -> Loaded:
    """Read one year of an archive (see `read`)."""
    work.mkdir(parents=True, exist_ok=True)
    text = work / Path(member.name).name
    target = text.with_suffix(".parquet")
    try:
        with _opened(archive) as bundle:
            codes = _countries(bundle, member.vintage, work)
            _extract(bundle, member.name, text)
        notes = _convert(text, target, codes=codes, year=member.year)
    finally:
        text.unlink(missing_ok=True)
    return Loaded(
        dataset="trade",
        table=pl.scan_parquet(target),
        vintage=member.vintage,
        source=f"CEPII BACI {member.edition}, {member.vintage}, {member.year}",
        licence=SOURCE.licence.name,
        classification=_EDITIONS.get(member.edition, member.edition),
        notes=notes,
    )


_AREAS = ("exporter", "importer")
_ROWS = 250_000


def _convert(text: Path, target: Path, *, codes: Mapping[int, str], year: int) -> tuple[str, ...]:
    check_header(text, _COLUMNS)
    check_end(text)
    # A folder of its own: a sink that failed may still be opening its file when we come to remove it.
    aside = Path(tempfile.mkdtemp(prefix=".reading-", dir=target.parent))
    part = aside / target.name
    try:
        with explained(text, _COLUMNS):
            try:
                _stream(text, codes, typed=True).sink_parquet(part, row_group_size=_ROWS)
            except pl.exceptions.PolarsError:
                # Numbers padded with blanks are a fault to the fast reader only.
                _stream(text, codes, typed=False).sink_parquet(part, row_group_size=_ROWS)
            summary = _summary(part)
            refuse_gap(summary.has_empty, "empty")
            refuse_gap(not all(re.fullmatch(_COLUMNS[3].pattern, code) for code in summary.products), "k")
        _refuse(summary, text=text, codes=codes, year=year)
        notes = _tidy(part, summary)
        part.replace(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)
    return notes


def _stream(text: Path, codes: Mapping[int, str], *, typed: bool) -> pl.LazyFrame:
    fast = {"t": pl.Int32, "i": pl.Int32, "j": pl.Int32, "k": pl.String, "v": pl.Float64, "q": pl.String}
    raw = pl.scan_csv(text, schema_overrides=fast) if typed else pl.scan_csv(text, infer_schema=False)
    if not typed:
        raw = raw.with_columns(column.expression for column in _COLUMNS)
    named = raw.select(pl.col(column).alias(name) for name, column in _NAMES.items())
    quantity = Column("quantity", "number").expression if typed else pl.col("quantity")
    lookup = pl.Series([codes.get(number, "?") for number in range(max(codes, default=0) + 2)])

    def named_area(numbers: pl.Series) -> pl.Series:
        return lookup.gather(numbers.clip(-1, len(lookup) - 1).replace(-1, len(lookup) - 1))

    # Looked up piece by piece: replace_strict and joins keep the whole column in memory.
    area = [pl.col(n).map_batches(named_area, return_dtype=pl.String, is_elementwise=True) for n in _AREAS]
    return named.with_columns(
        *area, quantity, pl.col("product").str.strip_chars(), year=pl.col("year").cast(pl.Int32)
    )


@dataclass(frozen=True, slots=True)
class _Summary:
    rows: int
    has_empty: bool
    years: tuple[int, int]
    least: float
    home: int
    areas: frozenset[str]
    products: frozenset[str]


def _summary(part: Path) -> _Summary:
    frame = pl.scan_parquet(part)
    needed = [name for name in _NAMES if name != "quantity"]
    counts, *codes = pl.collect_all(
        [
            frame.select(
                rows=pl.len(),
                empty=pl.sum_horizontal(pl.col(name).null_count() for name in needed),
                first=pl.col("year").min(),
                last=pl.col("year").max(),
                least=pl.min_horizontal(pl.col("value").min(), pl.col("quantity").min()),
                home=(pl.col("exporter") == pl.col("importer")).sum(),
            ),
            *(frame.select(pl.col(name).unique()) for name in (*_AREAS, "product")),
        ],
        engine="streaming",
    )
    row = counts.row(0, named=True)
    exporters, importers, products = (frozenset(one.to_series().drop_nulls().to_list()) for one in codes)
    return _Summary(
        rows=row["rows"],
        has_empty=bool(row["empty"]),
        years=(row["first"] or 0, row["last"] or 0),
        least=row["least"] or 0.0,
        home=row["home"],
        areas=exporters | importers,
        products=products,
    )


def _refuse(summary: _Summary, *, text: Path, codes: Mapping[int, str], year: int) -> None:
    """Refuse a table that reads well and cannot be BACI."""
    faults: list[OpenwardError] = []
    if summary.rows == 0:
        faults.append(InputError("the file has no rows", where=text.name, hint="fetch it again"))
    elif summary.years != (year, year):
        first, last = summary.years
        told = f"holds {first}" if first == last else f"holds {first} to {last}"
        faults.append(
            InputError(f"{told} where its name says {year}", where=text.name, hint="one year a file")
        )
    if summary.least < 0:
        faults.append(
            InputError(f"a value or quantity is {summary.least:g}", where=text.name, hint="none is negative")
        )
    if "?" in summary.areas:
        strange = _unknown_areas(text, codes)
        hint = "every number must be in country_codes of the same vintage"
        faults.append(InputError(f"unknown country {', '.join(strange)}", where=text.name, hint=hint))
    if faults:
        raise InputErrors(faults)


def _unknown_areas(text: Path, codes: Mapping[int, str]) -> list[str]:
    raw = pl.scan_csv(text, infer_schema=False)
    found = pl.collect_all([raw.select(pl.col(name).str.strip_chars().unique()) for name in ("i", "j")])
    seen = {word for frame in found for word in frame.to_series().to_list()}
    return sorted(word for word in seen if int(word) not in codes)


def _tidy(part: Path, summary: _Summary) -> tuple[str, ...]:
    """Leave out what is no trade between two economies, and say how much that was."""
    areas = sorted(code for code in summary.areas if not (code.isalpha() and code.isascii()))
    former = sorted(code for code in summary.areas if code not in ECONOMIES and code not in areas)
    special = sorted(code for code in summary.products if not code.isdigit())
    notes = []
    if summary.home or areas:
        frame = pl.scan_parquet(part)
        nowhere = pl.col("exporter").is_in(areas) | pl.col("importer").is_in(areas)
        home = pl.col("exporter") == pl.col("importer")
        kept = part.with_name("kept.parquet")
        frame.filter(~home & ~nowhere).sink_parquet(kept, row_group_size=_ROWS)
        value = pl.col("value")
        lost = frame.select(rows=nowhere.sum(), share=value.filter(nowhere).sum() / value.sum()).collect()
        kept.replace(part)
        if summary.home:
            notes.append(f"{summary.home} flows of an economy with itself are left out")
        if areas:
            told = f"{lost['rows'].item():,} flows, {lost['share'].item():.2%} of the value"
            notes.append(f"areas that are no economy are left out ({told}): {', '.join(areas)}")
    if former:
        notes.append(f"not economies of today, kept under the codes of the source: {', '.join(former)}")
    if special:
        notes.append(f"products outside the Harmonized System: {', '.join(special)}")
    return tuple(notes)


def _countries(bundle: zipfile.ZipFile, vintage: str, work: Path) -> dict[int, str]:
    """Give alpha-3 codes by BACI's numbers; where it gives none, by those of Comtrade (490 is Taiwan)."""
    names = [n for n in bundle.namelist() if re.fullmatch(r"country_codes_V\w+\.csv", Path(n).name)]
    name = f"country_codes_{vintage}.csv"
    if not names:
        raise InputError(f"{name} is not in the archive", where=str(bundle.filename), hint="fetch it again")
    path = work / Path(names[0]).name
    try:
        _extract(bundle, names[0], path)
        header = next(iter(path.read_text("utf-8", "replace").splitlines()), "")
        columns = _COUNTRIES_OLD if "iso_3digit_alpha" in header else _COUNTRIES
        frame = read_csv(path, columns, encoding="utf8-lossy")
    finally:
        path.unlink(missing_ok=True)
    twice = frame.filter(pl.col("country_code").is_duplicated())["country_code"].unique().sort().to_list()
    if twice:
        raise InputError(f"country {twice[0]} comes twice", where=path.name, hint="fetch it again")
    numbers = by_m49()
    return {
        number: numbers[str(number)]
        if str(number) in UN_SPECIAL
        else code or numbers.get(str(number), f"X{number}")
        for number, code in frame.iter_rows()
    }


def _matched(name: str) -> tuple[str, str, str, str] | None:
    found = _MEMBER.fullmatch(Path(name).name)
    return (name, found[1], found[2], found[3]) if found else None


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as bundle:
            yield bundle
    except FileNotFoundError:
        raise MissingDataError("no such file", where=str(archive), hint="check the path") from None
    except zipfile.BadZipFile as broken:
        raise InputError(
            f"the zip archive is not whole: {broken}",
            where=archive.name,
            hint="half a download; fetch it again",
        ) from None


def _extract(bundle: zipfile.ZipFile, name: str, target: Path) -> None:
    # Reading to the end checks the check sum of the member.
    with bundle.open(name) as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
