from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openward.codes.currencies import currencies, currency
from openward.codes.economies import economies
from openward.codes.units import convert, unit, units
from openward.errors import InputError, UnknownCodeError


def test_units_of_one_kind_share_a_base() -> None:
    for u in units().values():
        assert unit(u.base).quantity == u.quantity
        assert unit(u.base).factor == 1
        assert u.factor > 0


def test_conversion() -> None:
    assert convert(2, "TNE", "KGM") == 2000
    with pytest.raises(InputError, match="measures mass"):
        convert(1, "KGM", "LTR")
    with pytest.raises(UnknownCodeError) as caught:
        unit("kilogram")
    assert caught.value.hint == "did you mean KGM?"


@given(st.sampled_from(sorted(units())), st.floats(1e-6, 1e9))
def test_conversion_has_an_inverse(code: str, quantity: float) -> None:
    base = unit(code).base
    assert convert(convert(quantity, code, base), base, code) == pytest.approx(quantity)


def test_currencies() -> None:
    assert currency("CNY").name == "Yuan renminbi"
    assert "DEU" in currency("EUR").economies
    assert currency("JPY").minor == 0
    assert currency("TRY").economies == ("TUR",)
    assert {e for c in currencies().values() for e in c.economies} <= set(economies())
    with pytest.raises(UnknownCodeError) as caught:
        currency("cny")
    assert caught.value.hint == "did you mean CNY?"
