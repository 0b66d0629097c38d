"""Gather what the files of one book say, and everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from openward.book import listings, tables
from openward.book.documents import act_from, measure_from, quota_from
from openward.book.fields import explain
from openward.book.file_schemas import ActsDoc, BookDoc, QuotasDoc
from openward.book.filing import Filed, unknown_in_measures, unknown_in_quotas, wrong_lines, wrong_memberships
from openward.book.model import Book, LegalAct, LineClass, Measure, Quota
from openward.book.reading import Document, nearest, read_document
from openward.book.schema import MeasureDoc, MeasuresDoc
from openward.book.shelf import label_of
from openward.book.vocabulary import Vocabulary
from openward.codes.membership import Membership
from openward.codes.nomenclature import Nomenclature
from openward.errors import InputError, InputErrors, OpenwardError, UnknownCodeError

Model = TypeVar("Model", bound=BaseModel)
_FORMS = {".yaml", ".yml", ".json", ".csv", ".parquet"}
_NOT_READ = {"reforms", "tables", "__pycache__"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Collector:
    """One book in the making."""

    def __init__(self, folder: Path) -> None:
        from openward.codes.groups import memberships

        self.folder = folder
        self.errors: list[OpenwardError] = []
        self.measures: Filed[Measure] = Filed(Measure)
        self.own: list[Measure] = []
        self.acts: Filed[LegalAct] = Filed(LegalAct)
        self.quotas: Filed[Quota] = Filed(Quota)
        self.nomenclatures: dict[str, Nomenclature] = {}
        self.memberships: dict[Membership, None] = dict.fromkeys(memberships())
        self.past_memberships: dict[Membership, None] = {}
        self.own_memberships: list[tuple[Membership, str]] = []
        self.lines: dict[tuple[str, str, str], LineClass] = {}
        self.own_lines: list[tuple[LineClass, str]] = []
        self.precedence: dict[str, Any] = {}
        self.valuation: dict[str, Any] = {}
        self.front: BookDoc

    def face(self) -> BookDoc:
        """Read ``book.yaml``; without it nothing else can be read."""
        path = self.folder / "book.yaml"
        document = read_document(path, label_of(path))
        face = self._valid(document, BookDoc)
        if face is None:
            raise InputErrors(self.errors)
        self.front = face
        if face.memberships == "all":
            self.memberships.clear()
        if face.covered_to < face.covered_from:
            self._wrong("covered_to is before covered_from", document.where(("covered_to",)), "swap them")
        return face

    def include(self, book: Book) -> None:
        """Take in an included book."""
        self.measures.take(book, book.measures.values())
        self.acts.take(book, book.acts.values())
        self.quotas.take(book, book.quotas.values())
        self.nomenclatures |= book.nomenclatures
        self.memberships |= dict.fromkeys(book.memberships)
        self.past_memberships |= dict.fromkeys(one for one in book.records if isinstance(one, Membership))
        self.lines |= {(line.economy, line.sector, line.code): line for line in book.lines}
        self.precedence |= book.meta.get("precedence", {})
        self.valuation |= book.meta.get("valuation", {})

    def read(self) -> None:
        """Read every other file of the folder."""
        for path in sorted(self.folder.iterdir()):
            if path.name in _NOT_READ or path.name == "book.yaml" or path.name.startswith("."):
                continue
            try:
                self._read_entry(path)
            except InputErrors as errors:
                self.errors.extend(errors.errors)
            except OpenwardError as error:
                self.errors.append(error)
        self._check_codes()

    def _read_entry(self, path: Path) -> None:
        if path.is_dir():
            self._read_folder(path)
        elif path.stem == "acts" and path.suffix in _FORMS:
            self._read_acts(path)
        elif path.stem == "quotas" and path.suffix in _FORMS:
            self._read_quotas(path)
        elif path.name == "lines.csv":
            for line, where in tables.line_classes(path, label_of(path), self.errors):
                self._line(line, where)
        elif path.name == "precedence.yaml":
            self._read_rules(path, self.precedence)
        elif path.name == "valuation.yaml":
            self._read_rules(path, self.valuation)
        elif path.suffix not in {".md", ".txt", ".py"}:
            known = ["acts.yaml", "acts.csv", "quotas.yaml", "quotas.csv", "lines.csv", "precedence.yaml"]
            known.append("book.yaml")
            self._wrong(
                f"no book has a file {path.name!r}",
                label_of(path),
                nearest(path.name, known, listing="files"),
            )

    def _read_folder(self, path: Path) -> None:
        inside = sorted(one for one in path.rglob("*") if one.suffix in _FORMS)
        if path.name == "memberships":
            for one in inside:
                for membership, where in tables.memberships(one, label_of(one), self.errors):
                    self.own_memberships.append((membership, where))
                    past = membership.withdrawn is not None
                    (self.past_memberships if past else self.memberships)[membership] = None
            return
        if path.name == "nomenclature":
            for one in inside:
                edition = listings.nomenclature(one, label_of(one), self.errors)
                if edition is not None:
                    self.nomenclatures[edition.edition] = edition
            return
        if path.name in {"precedence", "valuation"}:
            for one in inside:
                self._read_rules(one, self.precedence if path.name == "precedence" else self.valuation)
            return
        topic = [one for one in inside if not _DAY.fullmatch(one.stem)]
        if path.name != "measures" and topic:
            self._wrong(
                f"no book has a folder {path.name!r} with {topic[0].name!r} in it",
                label_of(path),
                "put measures into measures/, or into a topic folder as <first day>.yaml",
            )
            return
        for one in inside:
            try:
                self._read_measures(one)
            except InputErrors as errors:
                self.errors.extend(errors.errors)

    def _read_measures(self, path: Path) -> None:
        label = label_of(path)
        if path.suffix in {".csv", ".parquet"}:
            for measure in tables.measures(path, label, self.errors):
                self._measure(measure)
            return
        document = read_document(path, label)
        listed = isinstance(document.data, dict) and "measures" in document.data
        if listed:
            many = self._valid(document, MeasuresDoc)
            for k, doc in enumerate(many.measures if many is not None else ()):
                self._measure(measure_from(doc, where=document.where(("measures", k))))
            return
        if isinstance(document.data, dict) and document.data.pop("schema", None) != "openward.measure/1":
            self._wrong(
                "the file does not say its schema", document.where(), "write schema: openward.measure/1"
            )
            return
        one = self._valid(document, MeasureDoc)
        if one is not None:
            self._measure(measure_from(one, where=document.where()))

    def _read_acts(self, path: Path) -> None:
        if path.suffix in {".csv", ".parquet"}:
            self._acts(tables.acts(path, label_of(path), self.errors))
            return
        document = read_document(path, label_of(path))
        many = self._valid(document, ActsDoc)
        acts = many.acts if many is not None else ()
        self._acts((act_from(act), document.where(("acts", k))) for k, act in enumerate(acts))

    def _read_rules(self, path: Path, kept: dict[str, Any]) -> None:
        document = read_document(path, label_of(path), with_dates=True)
        economy = document.data.get("economy") if isinstance(document.data, dict) else None
        if not isinstance(economy, str):
            self._wrong(
                "the field 'economy' is missing", document.where(), 'name the importer, or "*" for all'
            )
            return
        kept[economy] = document.data

    def _valid(self, document: Document, model: type[Model]) -> Model | None:
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            self.errors.extend(explain(error.errors(), document.where, model))
            return None

    def _wrong(self, message: str, where: str, hint: str) -> None:
        self.errors.append(InputError(message, where=where, hint=hint))

    def _measure(self, measure: Measure) -> None:
        self.measures.add(measure.id, measure)
        self.own.append(measure)

    def _acts(self, acts: Iterable[tuple[LegalAct, str]]) -> None:
        for act, where in acts:
            self.acts.add(act.id, act, where)

    def _read_quotas(self, path: Path) -> None:
        if path.suffix in {".csv", ".parquet"}:
            for quota in listings.quotas(path, label_of(path), self.errors):
                self.quotas.add(quota.order_number, quota)
            return
        document = read_document(path, label_of(path))
        many = self._valid(document, QuotasDoc)
        for k, doc in enumerate(many.quotas if many is not None else ()):
            quota = quota_from(doc, where=document.where(("quotas", k)))
            self.quotas.add(quota.order_number, quota)

    def _line(self, line: LineClass, where: str) -> None:
        key = (line.economy, line.sector, line.code)
        if key in self.lines:
            self._wrong(
                f"the class {line.sector}/{line.code} of {line.economy} comes twice", where, "keep one"
            )
        self.lines[key] = line
        self.own_lines.append((line, where))

    def _check_codes(self) -> None:
        known = Vocabulary.gather(tuple(self.memberships), tuple(self.lines.values()))
        if self.front.economy != "*" and self.front.economy not in known.economies:
            where = f"{label_of(self.folder / 'book.yaml')}:1"
            self._unknown("economy", self.front.economy, where, nearest(self.front.economy, known.economies))
        self.errors.extend(unknown_in_measures(self.own, known))
        self.errors.extend(unknown_in_quotas(self.quotas.own, known))
        self.errors.extend(wrong_memberships(self.own_memberships, known))
        self.errors.extend(wrong_lines(self.own_lines, known))

    def _unknown(self, field: str, code: str, where: str, hint: str) -> None:
        self.errors.append(UnknownCodeError(f"{field}: unknown code {code!r}", where=where, hint=hint))

    def book(self) -> Book:
        """Give the book.

        Raises
        ------
        InputErrors
            All that was wrong.
        """
        measures, acts = self.measures.settled("id", self.errors), self.acts.settled("act", self.errors)
        quotas = self.quotas.settled("quota", self.errors)
        if self.errors:
            raise InputErrors(self.errors)
        face = self.front
        meta: dict[str, Any] = {
            "precedence": MappingProxyType(self.precedence),
            "valuation": MappingProxyType(self.valuation),
            "title": face.title,
            "note": face.note,
            "includes": face.includes,
            "sources": face.sources,
        }
        return Book(
            name=face.name,
            economy=face.economy,
            covered_from=face.covered_from,
            covered_to=face.covered_to,
            measures=MappingProxyType(measures),
            acts=MappingProxyType(acts),
            quotas=MappingProxyType(quotas),
            nomenclatures=MappingProxyType(self.nomenclatures),
            records=(*self.measures.past, *self.acts.past, *self.quotas.past, *self.past_memberships),
            memberships=tuple(self.memberships),
            lines=tuple(self.lines.values()),
            meta=MappingProxyType(meta),
        )
