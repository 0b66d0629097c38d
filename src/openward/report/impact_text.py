"""An impact study for the terminal, as Markdown and as CSV: the same five parts, the same figures."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from openward.impact.result import EconomyRow, Impact
from openward.report.blocks import Block, Cell, Code, Edits, Fact, Notes, Part, Table
from openward.report.parts import five_parts, headline_facts

if TYPE_CHECKING:
    from rich.console import Console

# Columns of the table of economies that fit a terminal; the page, CSV and JSON hold all.
TERMINAL_COLUMNS = {"economies": (0, 1, 2, 3, 5, 6, 8, 9, 13)}
PLAIN_WIDTH = 120
MOST_WITHOUT = 8


def print_impact(impact: Impact, console: Console | None = None) -> None:
    """Print a study to the terminal; plain text of fixed width where the output is not one."""
    from rich.console import Console
    from rich.text import Text

    if console is None:
        console = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    console.print(Text(impact.title.get("en") or impact.name, style="dim"))
    console.print(Text(impact.headline, style="bold"))
    console.print()
    _print_facts(headline_facts(impact), console)
    for part in five_parts(impact):
        console.print()
        console.print(Text(f"{part.number}  {part.title}", style="bold cyan"))
        console.print(Text(part.answer))
        # The headline's figures are not said twice.
        _print_facts(part.facts if part.key in ("law", "reliability") else (), console)
        for block in part.blocks:
            _print_block(block, console)


def _print_facts(facts: tuple[Fact, ...], console: Console) -> None:
    from rich.table import Table as Grid
    from rich.text import Text

    if not facts:
        return
    grid = Grid(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for fact in facts:
        grid.add_row(
            Text(fact.label, style="dim"), Text(fact.value, style="bold"), Text(fact.note, style="dim")
        )
    console.print(grid)


def _print_block(block: Block, console: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if isinstance(block, Edits):
        console.print()
        for number, edit in enumerate(block.items, start=1):
            tags = "".join(f" [{t}]" for t in edit.tags)
            console.print(Text(f"{number}. {edit.sentence}{tags}"))
            console.print(Padding(Text(edit.touches), (0, 0, 0, 3), expand=False))
            # Of an edit without any effect the sentence above says why already.
            without = () if "no effect" in edit.tags else edit.without
            for name, why in without[:MOST_WITHOUT]:
                console.print(
                    Padding(
                        Text(f"without effect for {name}: {why}", style="dim"), (0, 0, 0, 3), expand=False
                    )
                )
            if len(without) > MOST_WITHOUT:
                rest = f"... and for {len(without) - MOST_WITHOUT} more partners"
                console.print(Padding(Text(rest, style="dim"), (0, 0, 0, 3), expand=False))
            source = f"{edit.citation} {edit.url}".strip()
            console.print(Padding(Text(source, style="dim"), (0, 0, 0, 3), expand=False))
    elif isinstance(block, Table):
        _print_table(block, console)
    elif isinstance(block, Code):
        console.print()
        for line in block.text.splitlines():
            console.print(Text(f"  {line}"), soft_wrap=True)
    elif isinstance(block, Notes):
        for sentence in block.items:
            console.print(Text(sentence, style="dim"))


def _print_table(table: Table, console: Console) -> None:
    from rich.table import Table as RichTable
    from rich.text import Text

    chosen = TERMINAL_COLUMNS.get(table.key, tuple(range(len(table.columns))))
    out = RichTable(
        title=table.caption,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
        padding=(0, 2, 0, 0),
    )
    for index in chosen:
        column = table.columns[index]
        name = f"{column.title}\n{column.unit}" if column.unit else column.title
        out.add_column(name, justify="right" if column.numeric else "left", overflow="fold")
    for row in table.rows[: table.brief]:
        out.add_row(*(Text(said(row[index])) for index in chosen))
    console.print()
    console.print(out)
    left = max(table.total, len(table.rows)) - min(table.brief, len(table.rows))
    if left > 0:
        console.print(Text(f"... {left:,} more rows in the page and the JSON form", style="dim"))


def said(cell: Cell) -> str:
    """Give a cell with its tags in brackets."""
    return cell.text + "".join(f" [{t}]" for t in cell.tags if t != cell.text)


def impact_markdown(impact: Impact) -> str:
    """Give a study as Markdown: every table in full, without the charts."""
    lines = [f"# {impact.title.get('en') or impact.name}", "", f"**{_plain(impact.headline)}**", ""]
    lines += _markdown_facts(headline_facts(impact))
    for part in five_parts(impact):
        lines += _markdown_part(part)
    return "\n".join(lines).rstrip() + "\n"


def _markdown_part(part: Part) -> list[str]:
    lines = ["", f"## {part.number}. {part.title}", "", _plain(part.answer), "", *_markdown_facts(part.facts)]
    for block in part.blocks:
        if isinstance(block, Edits):
            for number, edit in enumerate(block.items, start=1):
                source = f"[{_plain(edit.citation)}](<{edit.url}>)" if edit.url else _plain(edit.citation)
                tags = "".join(f" `{t}`" for t in edit.tags)
                lines += [
                    f"{number}. {_plain(edit.sentence)}{tags}  ",
                    f"   {_plain(edit.touches)}  ",
                    f"   {source}",
                ]
                lines += [f"   - without effect for {_plain(n)}: {_plain(why)}" for n, why in edit.without]
            lines.append("")
        elif isinstance(block, Table):
            lines += _markdown_table(block)
        elif isinstance(block, Code):
            lines += [f"```{block.language}", block.text, "```", ""]
        elif isinstance(block, Notes):
            lines += [*(_plain(s) for s in block.items), ""]
    return lines


def _markdown_facts(facts: tuple[Fact, ...]) -> list[str]:
    rows = [f"- {f.label}: **{f.value}**" + (f" ({_plain(f.note)})" if f.note else "") for f in facts]
    return [*rows, ""] if rows else []


def _markdown_table(table: Table) -> list[str]:
    heads = [f"{c.title} ({c.unit})" if c.unit else c.title for c in table.columns]
    rule = ["---:" if c.numeric else "---" for c in table.columns]
    body = [[_plain(said(cell)) for cell in row] for row in table.rows]
    rows = [f"| {' | '.join(row)} |" for row in (heads, rule, *body)]
    note = [f"{len(table.rows)} of {table.total:,} rows.", ""] if table.left_out else []
    return [f"### {table.caption}", "", *rows, "", *note, *([table.note, ""] if table.note else [])]


def _plain(text: str) -> str:
    """Keep a text in its cell and on its line."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def impact_csv(impact: Impact) -> str:
    """Give the table of economies as CSV, figures in full; an empty field where the base is zero."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [f.name for f in fields(EconomyRow)], lineterminator="\n")
    writer.writeheader()
    for row in impact.opening.economies:
        record = asdict(row)
        writer.writerow({k: str(v).lower() if isinstance(v, bool) else v for k, v in record.items()})
    return buffer.getvalue()
