"""Importers: from a published table to a book folder, every row accounted for; and back to rows."""

from __future__ import annotations

from openward.book.importers.registry import FORMATS, Format, export_rows, import_file
from openward.book.importers.writing import Imported

__all__ = ["FORMATS", "Format", "Imported", "export_rows", "import_file"]
