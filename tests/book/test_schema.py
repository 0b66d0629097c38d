from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import books, measures, reforms

from openward.book.documents import measure_document, measure_from, plain, reform_document
from openward.book.instruments import condition_entries, instrument_entries
from openward.book.model import Instrument
from openward.book.schema import MeasureDoc, json_schemas

MEASURES = jsonschema.Draft202012Validator(json_schemas()["openward.measure/1"])
REFORMS = jsonschema.Draft202012Validator(json_schemas()["openward.reform/1"])


def test_the_controlled_list_is_the_enumeration() -> None:
    assert list(instrument_entries()) == [one.value for one in Instrument]
    for entry in instrument_entries().values():
        assert entry.name
        assert entry.description.endswith(".")
        assert entry.effect in {"duty", "items", "text"}
    trade = {"origin", "membership", "quota", "coverage"}
    assert set(condition_entries()) == trade | {"document", "fact", "threshold", "certificate", "requirement"}


@given(measure=measures("m", ad_valorem_only=False))
def test_measures_survive_their_document(measure) -> None:
    document = measure_document(measure)
    MEASURES.validate(document)
    assert measure_from(MeasureDoc.model_validate(document)) == measure


@given(data=st.data())
def test_reforms_keep_their_published_schema(data) -> None:
    reform = data.draw(reforms(data.draw(books())))
    REFORMS.validate(plain(reform_document(reform)))


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_published_schemas_are_schemas_that_refuse_unknown_fields(name: str) -> None:
    schema = json_schemas()[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
