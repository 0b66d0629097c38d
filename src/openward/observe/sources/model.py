"""What a source is: its licence, its files on the network, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import polars as pl

from openward.errors import InputError
from openward.observe.input_output import InputOutput

Content = Literal["zip", "csv", "json", "xml", "any"]
"""What a file must be; decides how its wholeness is checked."""


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms under which a publisher gives its data.

    Attributes
    ----------
    name : str
    url : str
        Where the terms are published.
    summary : str
        What a user must know before use, in plain words.
    attribution : str
        How the publisher wants to be cited.
    """

    name: str
    url: str
    summary: str
    attribution: str

    def sentence(self) -> str:
        """Give the terms as they are shown before use."""
        return f"{self.name}\n  {self.summary}\n  cite: {self.attribution}\n  terms: {self.url}"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret a service asks for; it is read from the environment only and never written anywhere.

    Attributes
    ----------
    variable : str
        Environment variable that holds it.
    header : str
        HTTP header that carries it.
    prefix : str
        Put before the secret in the header: the word Bearer and a space, for instance.
    required : bool
    page : str
        Where a user gets one.
    """

    variable: str
    header: str
    page: str
    prefix: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Download:
    """One file to bring here.

    Attributes
    ----------
    url : str
        http or https, without secrets.
    target : str
        File name in the cache.
    content : {"zip", "csv", "json", "xml", "any"}
    size : int, optional
        Bytes, where the publisher states them.
    sha256 : str, optional
        Where the publisher states it.
    headers : mapping
        Further request headers; no secrets.
    key : Key, optional
    """

    url: str
    target: str
    content: Content = "any"
    size: int | None = None
    sha256: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key: Key | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                f"cannot fetch {self.url!r}", hint="an address starts with https:// or http://", where="url"
            )
        if parts.username or parts.password:
            raise InputError(
                "the address holds a user name or password",
                hint="leave them out; secrets come from the environment",
                where="url",
            )
        if Path(self.target).name != self.target or self.target in ("", ".", ".."):
            raise InputError(f"{self.target!r} is not a file name", where="target")


@dataclass(frozen=True, slots=True)
class Request:
    """All files of one vintage of a source.

    Attributes
    ----------
    vintage : str
        Edition as the publisher names it; for a live service the day of the request.
    downloads : tuple of Download
    is_live : bool
        The vintage is the day; offline, the newest answer in the cache stands in for it.
    """

    vintage: str
    downloads: tuple[Download, ...]
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """Something a source must or may be told.

    Attributes
    ----------
    name : str
    description : str
    example : str
    required : bool
    """

    name: str
    description: str
    example: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's data set.

    Attributes
    ----------
    name : str
        Word on the command line.
    title, publisher : str
    page : str
        Where a person finds it.
    licence : Licence
    gives : tuple of str
        Datasets of the dictionary that are read from it.
    layout : str
        The documented form of the files.
    options : tuple of Option
    address : str
        Template of the address; empty where the publisher has no lasting one: the user names file or address.
    """

    name: str
    title: str
    publisher: str
    page: str
    licence: Licence
    gives: tuple[str, ...]
    layout: str
    options: tuple[Option, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One dataset read from a source.

    Attributes
    ----------
    dataset : str
        Name in the dictionary.
    table : LazyFrame or InputOutput
    vintage, source, licence : str
    classification : str, optional
        Of the products: ``HS2022``, ``HS2012``, ...
    notes : tuple of str
        What was left out, renamed or summed.
    """

    dataset: str
    table: pl.LazyFrame | InputOutput
    vintage: str
    source: str
    licence: str
    classification: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> pl.LazyFrame:
        """The table in long form.

        Raises
        ------
        InputError
            It is an input-output table, which has no long form here.
        """
        if isinstance(self.table, InputOutput):
            raise InputError(f"{self.dataset} is a container of matrices, not a frame", where=self.source)
        return self.table


Options = Mapping[str, str]


def today() -> str:
    """Vintage of an answer of a live service."""
    return date.today().isoformat()
