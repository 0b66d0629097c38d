"""Codes that are not what they should be: zeros lost, groups and totals among economies, levels mixed."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from openward.codes.economies import economies
from openward.observe.audit.finding import Finding, Severity, examples
from openward.observe.dictionary import Dataset

TOTALS = frozenset({"WLD", "WORLD", "W00", "W0", "000", "0", "ALL", "TOTAL", "TOT", "SUM"})
"""Codes under which publishers file the sum over economies, upper case."""

PRODUCT_TOTALS = frozenset({"ALL", "TOTAL", "TOT", "SUM", "AG0", "ALL PRODUCTS", "00", "0000", "000000"})
"""Codes under which publishers file the sum over products, upper case; a lone 0 is an SITC section."""

FORMER = frozenset(
    {"SCG", "YUG", "CSK", "DDR", "SUN", "ANT", "TMP", "ZAR", "ROM", "BUR", "ROW", "S19", "E19"}
)
"""Codes of economies that were, and of areas not elsewhere specified: named, not refused."""


def economy_codes(counts: pl.DataFrame, *, column: str, of: Dataset, where: str) -> Iterator[Finding]:
    """Find totals, and codes nobody defined, in a column of economies.

    Parameters
    ----------
    counts : DataFrame
        The codes in the column of that name, and ``rows``.
    """
    allowed = {"WLD"} if of.name == "macro" else set()
    unknown = counts.filter(~pl.col(column).is_in([*economies(), *allowed]))
    total = unknown.filter(pl.col(column).str.to_uppercase().is_in(list(TOTALS)))
    former = unknown.filter(pl.col(column).is_in(list(FORMER)))
    other = unknown.filter(~pl.col(column).is_in([*total[column].to_list(), *former[column].to_list()]))
    place = f"{where}: {column}"
    if total.height:
        yield Finding(
            kind="totals",
            severity=Severity.REFUSE,
            where=place,
            rows=int(total["rows"].sum()),
            message=f"the sum over economies is filed among them, as {examples(total[column].to_list())}",
            hint=f"leave these rows out, or every sum over {column} counts double",
        )
    if other.height:
        yield Finding(
            kind="unknown-code",
            severity=Severity.REFUSE,
            where=place,
            rows=int(other["rows"].sum()),
            message=f"codes that are no economy: {examples(sorted(other[column].to_list()), count=5)}",
            hint="economies are ISO 3166 alpha-3 codes such as CHN; a group is a sum of its members",
        )
    if former.height:
        yield Finding(
            kind="former-code",
            severity=Severity.WARN,
            where=place,
            rows=int(former["rows"].sum()),
            message=f"economies that were, or areas: {examples(sorted(former[column].to_list()))}",
            hint="they are kept; world sums include them, no profile shows them",
        )


def product_codes(products: pl.DataFrame, *, classification: str | None, where: str) -> Iterator[Finding]:
    """Find totals among products, lost zeros, and levels of a classification put into one column.

    Parameters
    ----------
    products : DataFrame
        ``product``, ``value`` (sum) and ``rows``.
    classification : str, optional
        Zeros and levels are looked at where it is the Harmonized System, or not said.
    """
    place = f"{where}: product"
    total = products.filter(pl.col("product").str.to_uppercase().is_in(list(PRODUCT_TOTALS)))
    if total.height:
        yield Finding(
            kind="totals",
            severity=Severity.REFUSE,
            where=place,
            rows=int(total["rows"].sum()),
            message=f"the sum over products is filed among them, as {examples(total['product'].to_list())}",
            hint="leave these rows out, or every sum over products counts double",
        )
    if classification is None or classification.upper().startswith("HS"):
        digits = products.filter(pl.col("product").str.contains(r"^\d+$"))
        yield from _zeros(digits, place)
        yield from _levels(digits, place)


def _zeros(digits: pl.DataFrame, place: str) -> Iterator[Finding]:
    odd = digits.filter(pl.col("product").str.len_chars() % 2 == 1)
    if odd.height:
        first = str(odd["product"].sort()[0])
        yield Finding(
            kind="leading-zeros",
            severity=Severity.REFUSE,
            where=place,
            rows=int(odd["rows"].sum()),
            message=(
                f"{odd.height} codes have an odd number of digits, such as {first}: a spreadsheet or an "
                f"integer column has taken the zero in front ({first.zfill(len(first) + 1)})"
            ),
            hint="read the column as text, or pad the codes; 10121 and 101210 are different products",
        )


def _levels(digits: pl.DataFrame, place: str) -> Iterator[Finding]:
    even = digits.filter(pl.col("product").str.len_chars() % 2 == 0)
    lengths = sorted(even["product"].str.len_chars().unique().to_list())
    for short in lengths[:-1]:
        upper = even.filter(pl.col("product").str.len_chars() == short)
        lower = even.filter(pl.col("product").str.len_chars() > short)
        longer = lower.filter(pl.col("product").str.len_chars() == pl.col("product").str.len_chars().min())
        sums = longer.group_by(pl.col("product").str.slice(0, short)).agg(pl.col("value").sum())
        both = upper.join(sums, on="product", suffix="_below")
        same = both.filter((pl.col("value_below") / pl.col("value") - 1).abs() < 1e-3)
        rows = int(upper["rows"].sum())
        if same.height and same.height >= 0.5 * both.height:
            yield Finding(
                kind="totals",
                severity=Severity.REFUSE,
                where=place,
                rows=rows,
                message=(
                    f"{same.height} codes of {short} digits equal the sum of the longer codes below them, "
                    f"such as {examples(same['product'].sort().to_list())}"
                ),
                hint="keep one level of the classification",
            )
        else:
            yield Finding(
                kind="mixed-levels",
                severity=Severity.WARN,
                where=place,
                rows=rows,
                message=f"{upper.height} codes have {short} digits, others {lengths[-1]}",
                hint="counts of products compare only within one level",
            )
