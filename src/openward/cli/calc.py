"""``openward calc``: the calculators of trade remedies, every step printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openward.cli.options import Format, FormatOption, QuietOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openward.calculate.step import Step

app = typer.Typer(no_args_is_help=True, help="Trade remedies: dumping, injury, subsidy, safeguard and more.")

FileArgument = Annotated[Path, typer.Argument(help="The facts, in YAML; 'calc example' shows one.")]
RulesOption = Annotated[
    str | None, typer.Option("--rules", help="chn, eur, gbr or usa, instead of the file's.")
]
StepsOption = Annotated[bool, typer.Option("--steps", help="Every step instead of the results.")]


@app.command("example")
def example(
    name: Annotated[str | None, typer.Argument(help="Of a calculator; without one, the list.")] = None,
) -> None:
    """Print a worked input file, to start from."""
    from openward.calculate.examples import example_path, examples

    if name is None:
        sys.stdout.write("\n".join(examples()) + "\n")
        return
    sys.stdout.write(example_path(name).read_text(encoding="utf-8"))


@app.command("rules")
def show_rules(
    jurisdiction: Annotated[str, typer.Argument(help="chn, eur, gbr or usa.")],
    format: FormatOption = Format.TABLE,
) -> None:
    """Show the rules of a jurisdiction: figure, article, and whether the article was read."""
    from openward.calculate.jurisdiction import rules
    from openward.cli.output import print_rows

    law = rules(jurisdiction)
    rows = []
    for name, rule in law:
        if isinstance(rule, str) or rule is None:
            continue
        figures = {
            key: value for key, value in rule if key not in ("article", "status") and value not in (None, "")
        }
        said = "; ".join(
            f"{key} {_figure(value)}" if key != "value" else _figure(value) for key, value in figures.items()
        )
        rows.append({"rule": name, "says": said, "article": rule.article, "status": rule.status})
    print_rows(rows, format, title=law.name)


@app.command("dumping")
def dumping(
    file: FileArgument,
    rules: RulesOption = None,
    steps: StepsOption = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Work out dumping margins, rates and duties (openward.dumping/1)."""
    from openward.calculate.dumping.case import read_dumping
    from openward.calculate.dumping.printed import as_dict, product_rows, rate_rows, sentence
    from openward.calculate.dumping.run import calculate_dumping
    from openward.cli.output import print_json, print_rows, say

    result = calculate_dumping(read_dumping(file), jurisdiction=rules)
    if format is Format.JSON:
        print_json(as_dict(result))
        return
    say(sentence(result), quiet=quiet)
    if steps or format is Format.CSV:
        _print_steps(result.steps, format)
        return
    print_rows(rate_rows(result), format, title="Rates, in percent")
    print_rows(product_rows(result), format, title="\nProducts")


@app.command("injury")
def injury(
    file: FileArgument,
    rules: RulesOption = None,
    steps: StepsOption = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Lay out the fifteen factors, price effects, other causes and cumulation (openward.injury/1)."""
    from openward.calculate.injury.case import read_injury
    from openward.calculate.injury.printed import as_dict, cause_rows, factor_rows, sentence
    from openward.calculate.injury.run import calculate_injury
    from openward.cli.output import print_json, print_rows, say

    result = calculate_injury(read_injury(file), jurisdiction=rules)
    if format is Format.JSON:
        print_json(as_dict(result))
        return
    say(sentence(result), quiet=quiet)
    if steps or format is Format.CSV:
        _print_steps(result.steps, format)
        return
    print_rows(factor_rows(result), format, title="Factors of ADA art 3.4")
    print_rows(cause_rows(result), format, title="\nOther causes")
    if result.cumulated:
        rows = [
            {
                "economy": one.economy,
                "cumulated": "yes" if one.cumulated else "no",
                "why not": "; ".join(one.why_not),
            }
            for one in result.cumulated
        ]
        print_rows(rows, format, title="\nCumulation")
    score = result.triage.score
    if score is not None:
        say(f"score {float(score):+.2f}: {result.triage.warning}", quiet=quiet)


@app.command("subsidy")
def subsidy(
    file: FileArgument,
    rules: RulesOption = None,
    steps: StepsOption = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Work out the benefit of programmes and the subsidy rate (openward.subsidy/1)."""
    from openward.calculate.exact import plain, rounded
    from openward.calculate.subsidy.case import read_subsidy
    from openward.calculate.subsidy.run import calculate_subsidy

    result = calculate_subsidy(read_subsidy(file), jurisdiction=rules)
    small = " (de minimis)" if result.de_minimis else ""
    rows = [
        {
            "programme": one.name,
            "specific": "yes" if one.countervailable else "no",
            "benefit": plain(one.benefit, 2),
            "of the period": plain(one.of_period, 2),
            "rate_pct": str(rounded(100 * one.rate, 3)),
        }
        for one in result.programmes
    ]
    rate = rounded(100 * result.rate, int(result.rules.places.value))
    _print(
        f"{result.firm}: subsidy of {rate} % of value under the rules of {result.rules.name}{small}.",
        {"Programmes": rows},
        result.steps,
        "openward.subsidy-result/1",
        format,
        steps=steps,
        quiet=quiet,
    )


@app.command("safeguard")
def safeguard(
    file: FileArgument,
    rules: RulesOption = None,
    steps: StepsOption = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Test the increase of imports, and share a quota by origin (openward.safeguard/1)."""
    from openward.calculate.exact import plain
    from openward.calculate.safeguard.case import read_safeguard
    from openward.calculate.safeguard.run import calculate_safeguard

    result = calculate_safeguard(read_safeguard(file), jurisdiction=rules)
    rows = [
        {"year": str(one.of_year), "quota": str(one.total), **{k: str(v) for k, v in one.by_origin}}
        for one in result.quotas
    ]
    rose = "imports increased" if result.increase.increased else "no increase of imports"
    years = ", ".join(map(str, result.reference_years))
    out = f"; left out: {', '.join(sorted(result.excluded))}" if result.excluded else ""
    more = "".join(f"; it {one}" for one in result.duties)
    _print(
        f"{rose}; representative level {plain(result.representative, 2)} ({years}){out}{more}.",
        {"Quota by origin": rows},
        result.steps,
        "openward.safeguard-result/1",
        format,
        steps=steps,
        quiet=quiet,
    )


@app.command("adjustment")
def adjustment(
    file: FileArgument,
    steps: StepsOption = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Give exposure per worker by region, and test eligibility (openward.adjustment/1)."""
    from openward.calculate.adjustment.case import read_adjustment
    from openward.calculate.adjustment.run import calculate_adjustment
    from openward.calculate.exact import plain

    case = read_adjustment(file)
    result = calculate_adjustment(case)
    regions = [
        {"region": one, "exposure per worker": plain(value, 2)} for one, value in result.exposures.items()
    ]
    tests = [
        {
            "petition": one.name,
            "programme": one.programme,
            "eligible": "yes" if one.eligible else "no",
            "not met": "; ".join(one.failed),
        }
        for one in result.petitions
    ]
    most = (
        "most exposed: {region}, {exposure per worker}".format(**regions[0]) + f" {case.currency} per worker"
        if regions
        else "no regions"
    )
    _print(
        f"{most}; {sum(one.eligible for one in result.petitions)} of {len(tests)} petitions eligible.",
        {"Exposure": regions, "Petitions": tests},
        result.steps,
        "openward.adjustment-result/1",
        format,
        steps=steps,
        quiet=quiet,
    )


@app.command("retaliation")
def retaliation(
    file: FileArgument,
    steps: StepsOption = False,
    format: FormatOption = Format.TABLE,
    quiet: QuietOption = False,
) -> None:
    """Choose a list of equal trade effect at the least cost to our buyers (openward.retaliation/1)."""
    from openward.calculate.exact import plain, rounded
    from openward.calculate.retaliation.case import read_retaliation
    from openward.calculate.retaliation.run import calculate_retaliation, cost_of, trade_effect

    case = read_retaliation(file)
    result = calculate_retaliation(case)
    rows = [
        {
            "line": one.line,
            "value": plain(one.value, 2),
            "added duty_pct": plain(100 * one.added_duty, 2),
            "effect": plain(trade_effect(one, case.basis), 2),
            "cost": plain(cost_of(one), 2),
        }
        for one in result.lines
    ]
    _print(
        f"{len(rows)} lines with an effect of {plain(result.effect, 2)} {case.currency} "
        f"against {plain(result.limit, 2)} "
        f"({rounded(100 * result.gap, 1)} % below the limit).",
        {"Lines": rows},
        result.steps,
        "openward.retaliation-result/1",
        format,
        steps=steps,
        quiet=quiet,
    )


def _print(
    sentence: str,
    tables: dict[str, list[dict[str, str]]],
    taken: Sequence[Step],
    schema: str,
    format: Format,
    *,
    steps: bool,
    quiet: bool,
) -> None:
    from openward.cli.output import print_json, print_rows, say

    if format is Format.JSON:
        named = {title.lower().replace(" ", "_"): rows for title, rows in tables.items()}
        print_json(
            {"schema": schema, "sentence": sentence, **named, "steps": [step.as_dict() for step in taken]}
        )
        return
    say(sentence, quiet=quiet)
    if steps or format is Format.CSV:
        _print_steps(taken, format)
        return
    for title, rows in tables.items():
        if rows:
            print_rows(rows, format, title=title)


def _print_steps(steps: Sequence[Step], format: Format) -> None:
    from openward.cli.output import print_rows

    if format is not Format.TABLE:
        print_rows([{"number": number, **step.row()} for number, step in enumerate(steps, 1)], format)
        return
    for number, step in enumerate(steps, 1):
        row = step.row()
        unit = f" {row['unit']}" if row["unit"] else ""
        sys.stdout.write(f"{number:>3}. {row['subject']}: {row['step']} = {row['value']}{unit}\n")
        for part in ("formula", "inputs", "citation"):
            if row[part]:
                sys.stdout.write(f"     {part}: {row[part]}\n")


def _figure(value: object) -> str:
    from fractions import Fraction

    from openward.calculate.exact import plain

    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Fraction) else str(value)
