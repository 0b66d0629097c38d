"""The error tables in the docs are what the reconstruction of WIOD 2011 gives."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from openward.errors import MissingDataError
from openward.observe.wiod import InterCountryTable, read_wiod

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "world-pack.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts" / "prove_reconstruction.py"
    spec = importlib.util.spec_from_file_location("prove_reconstruction", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table(shared: Path) -> InterCountryTable:
    return read_wiod(shared / "data" / "economy")


def numbers(lines: list[str]) -> dict[str, list[float]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: [float(cell) for cell in row[1:]] for row in rows[2:]}


def printed(block: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    return text.split(f"<!-- {block}: begin -->")[1].split(f"<!-- {block}: end -->")[0].strip().splitlines()


def test_wiod_identities(table: InterCountryTable) -> None:
    assert (len(table.economies), len(table.industries)) == (41, 35)
    np.testing.assert_allclose(table.value_added.sum(), table.final.sum(), rtol=1e-12)
    kept = table.without("RoW")
    assert "RoW" not in kept.economies
    assert kept.uses.shape == (40, 40, 35, 35)


@pytest.mark.slow
def test_docs_print_what_the_method_gives(script: ModuleType, shared: Path) -> None:
    evidence = script.gather(shared / "data")
    for block, build in (
        ("customs", script.customs_table),
        ("errors", script.error_table),
        ("welfare", script.welfare_table),
        ("economies", script.economy_table),
    ):
        computed, documented = numbers(list(build(evidence))), numbers(printed(block))
        assert computed.keys() == documented.keys()
        for name, values in computed.items():
            assert values == pytest.approx(documented[name], abs=2e-2), name


def test_the_seed_of_the_pack_wins_the_comparison() -> None:
    errors = numbers(printed("errors"))
    shipped = errors["home preference by industry, held out"]
    for other in ("same source shares", "pattern of intermediates", "home preference 4 outside goods"):
        assert shipped[0] < errors[other][0]
        assert shipped[1] < errors[other][1]
    assert shipped[0] < 2.0
    assert shipped[1] < 5.0


def test_docs_describe_the_files(script: ModuleType) -> None:
    assert printed("datasets") == "\n".join(script.dataset_tables(None)).strip().splitlines()


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="WIOD"):
        read_wiod(tmp_path)
