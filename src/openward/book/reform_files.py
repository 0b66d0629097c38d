"""Read reforms from files, and name those that ship with the package."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from openward.book.documents import reform_from
from openward.book.edits import Reform
from openward.book.fields import explain
from openward.book.reading import Document, nearest, parse_yaml, read_document
from openward.book.schema import ReformDoc
from openward.book.shelf import label_of, shipped_reform_files
from openward.errors import InputErrors, MissingDataError


def shipped_reforms() -> tuple[str, ...]:
    """Give the names of the reforms that ship with the package."""
    return tuple(shipped_reform_files())


def load_reform(name_or_path: str | Path) -> Reform:
    """Read a reform (``openward.reform/1``) from a YAML or JSON file, or by the name of a shipped one.

    Raises
    ------
    MissingDataError
        There is no such file and no such name.
    InputErrors
        All that is wrong in the file, with line and hint.
    """
    shipped = shipped_reform_files()
    if isinstance(name_or_path, str) and name_or_path in shipped:
        path = shipped[name_or_path]
    else:
        path = Path(name_or_path)
        if not path.is_file():
            raise MissingDataError(
                f"no reform {str(name_or_path)!r}",
                hint=nearest(name_or_path, shipped, listing="reforms", otherwise="give a name or a file"),
            )
    return parse_reform(read_document(path, label_of(path)))


def read_reform(text: str, label: str = "reform") -> Reform:
    """Read a reform from YAML text, for example from a form; ``label`` names it in messages.

    Raises
    ------
    InputErrors
        All that is wrong in it, with line and hint.
    """
    return parse_reform(parse_yaml(text, label))


def parse_reform(document: Document) -> Reform:
    """Build a reform from a document, for example ``Document(data, "request")`` for data without a file.

    Raises
    ------
    InputErrors
        All that is wrong in it.
    """
    try:
        doc = ReformDoc.model_validate(document.data)
    except ValidationError as error:
        raise InputErrors(explain(error.errors(), document.where, ReformDoc)) from None
    return reform_from(doc, where=tuple(document.where(("edits", k)) for k in range(len(doc.edits))))
