"""Part 5, reproduce: the command and the lines of Python that give the same figures."""

from __future__ import annotations

from datetime import date

from openward.book.reform import Reform
from openward.impact.law import LawStep
from openward.impact.result import ReproducePart

DEFAULTS = {"closure": "fixed", "elasticities": "caliendo-parro", "book": "chn"}


def as_python(day: date) -> str:
    """Write a day as Python does."""
    return f"date({day.year}, {day.month}, {day.day})"


def reproduce_part(
    reform: Reform,
    step: LawStep,
    *,
    given: str,
    book: str,
    closure: str,
    elasticities: str,
    draws: int = 0,
    seed: int = 0,
) -> ReproducePart:
    """Write out how anybody gets the same study; options at their defaults are left out.

    ``given`` is how the reform was named: a shipped name, or a file.
    """
    chosen = {"book": book, "closure": closure, "elasticities": elasticities}
    options = {key: value for key, value in chosen.items() if value != DEFAULTS[key]}
    flags = "".join(f" --{key} {value}" for key, value in options.items())
    arguments = "".join(f", {key}={value!r}" for key, value in options.items())
    if draws:
        flags += f" --draws {draws} --seed {seed}"
        arguments += f", draws={draws}, seed={seed}"
    day = step.from_law
    return ReproducePart(
        command=f"openward impact {given} --from-law {day.isoformat()}{flags} --format json",
        python="\n".join(
            [
                "from datetime import date",
                "from openward.impact.run import study",
                "",
                f"impact = study({given!r}, from_law={as_python(day)}{arguments})",
                f"assert impact.hash == {reform.hash!r}  # the same edits",
                "for row in sorted(impact.opening.economies, key=lambda row: row.real_income_pct):",
                '    print(row.economy, f"{row.real_income_pct:+.4f} %")',
            ]
        ),
    )
