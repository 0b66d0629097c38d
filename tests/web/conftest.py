"""The workbench with a made-up study: pages are tested without solving a world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from web_bench import FakeStudy

from openward.book import load
from openward.book.model import Book
from openward.web.app import create_app

BASE = "http://127.0.0.1"


@pytest.fixture(scope="session")
def book() -> Book:
    return load("chn")


@pytest.fixture
def study() -> FakeStudy:
    return FakeStudy()


@pytest.fixture
def app(book: Book, study: FakeStudy) -> FastAPI:
    return create_app(book=book, study=study)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client
