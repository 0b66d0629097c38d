"""Write the pages that are derived from the code: the API by room, the commands, the file schemas.

They land in ``docs/_generated`` before anything is read: a new module or command is documented by existing.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOMS = (
    *("errors", "codes", "book", "observe", "determine", "indicators"),
    *("simulate", "impact", "reproduce", "report"),
)
"""Rooms with a Python interface, bottom up; the command line and the browser have pages of their own."""

HELP_WIDTH = 96


def documented(name: str, *, is_package: bool) -> list[str]:
    """Give the lines that document a module; what a package hands on is documented where it is defined."""
    return [
        "```{eval-rst}",
        f".. automodule:: {name}",
        *(["   :no-members:"] if is_package else []),
        "```",
        "",
    ]


def room_page(room: str) -> str:
    """Give the API page of a room: the room, then its public modules."""
    name = f"openward.{room}"
    package = importlib.import_module(name)
    lines = [f"# {name}", "", *documented(name, is_package=hasattr(package, "__path__"))]
    handed_on = getattr(package, "__all__", ())
    if handed_on:
        lines += [f"`from {name} import {', '.join(handed_on)}`", ""]
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), prefix=f"{name}."):
        if not module.name.rpartition(".")[2].startswith("_"):
            lines += [f"## {module.name.removeprefix('openward.')}", ""]
            lines += documented(module.name, is_package=module.ispkg)
    return "\n".join(lines)


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give every command below one, with the words that call it."""
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{path} {name}")


def commands_page() -> str:
    """Give the help text of every command."""
    from openward.cli.main import app

    lines = ["# Every command", ""]
    for path, command in commands(typer.main.get_command(app), "openward"):
        context = command.make_context(path, [], resilient_parsing=True, max_content_width=HELP_WIDTH)
        context.terminal_width = HELP_WIDTH
        lines += [f"## {path}", "", "```text", command.get_help(context).strip(), "```", ""]
    return "\n".join(lines)


def schemas_page() -> str:
    """Give the page that shows the JSON Schemas."""
    from openward.book.schema import json_schemas

    lines = ["# JSON Schemas", "", "Built from the models that read the files.", ""]
    for name, schema in json_schemas().items():
        text = json.dumps(schema, indent=1, ensure_ascii=False)
        lines += [f"## {name}", "", "```json", text, "```", ""]
    return "\n".join(lines)


def rules_page() -> str:
    """Give the page that lists the integrity rules."""
    from openward.book.rules import RULES

    lines = ["# Integrity rules", "", "| rule | severity | text |", "|---|---|---|"]
    lines += [f"| {rule.number} | {rule.severity.value} | {_cell(rule.text)} |" for rule in RULES]
    return "\n".join(lines) + "\n"


def indicators_page() -> str:
    """Give the page that describes every indicator."""
    from openward.indicators.catalogue import GROUPS, indicators
    from openward.indicators.run import option_names

    lines = ["# Every indicator", ""]
    for group in GROUPS:
        entries = [entry for entry in indicators().values() if entry.group == group]
        if entries:
            lines += [f"## {group[0].upper()}{group[1:].replace('-', ' ')}", ""]
        for entry in entries:
            options = ", ".join(f"`{name}`" for name in option_names(entry))
            facts = (
                ("unit", entry.unit),
                ("reads", ", ".join(entry.inputs)),
                ("rows by", ", ".join(entry.keys)),
                ("options", options),
                ("reference", entry.reference),
            )
            lines += [f"### {entry.name}", "", f"*{entry.title}.* {entry.definition}", ""]
            lines += ["$$", entry.formula, "$$", ""]
            lines += [f"- {what}: {said}" for what, said in facts if said]
            lines += [f"- *trap*: {trap}" for trap in entry.traps]
            lines.append("")
    return "\n".join(lines)


def datasets_page() -> str:
    """Give the page that describes the tables of the dictionary, canonical ones first."""
    from openward.observe.dictionary import datasets, markdown

    ordered = sorted(datasets().values(), key=lambda entry: (entry.role != "canonical", entry.name))
    parts = [f"## {entry.name}\n\n{markdown(entry)}" for entry in ordered if entry.role != "pack"]
    return "\n\n".join(["# Datasets", *parts]) + "\n"


def _cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def write_pages(app: Sphinx) -> None:
    """Write all derived pages anew."""
    folder = Path(app.srcdir) / "_generated"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "api").mkdir(parents=True)
    pages = {f"api/{room}.md": room_page(room) for room in ROOMS}
    pages |= {"commands.md": commands_page(), "schemas.md": schemas_page(), "rules.md": rules_page()}
    pages["datasets.md"] = datasets_page()
    pages["indicators.md"] = indicators_page()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Hook into the build."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}
