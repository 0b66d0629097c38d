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
