"""Build the world pack that ships inside openward from the wheel sanction-simulator 0.1.4.

Usage: python scripts/build_world_pack.py [--wheel PATH] [--out DIR]

Without --wheel the wheel is downloaded with pip. Same input, same bytes out. The pack is written beside its
place and moved there when it is complete and has passed the checks of `openward.observe.load_world`.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from openward.observe.proof import sum_to_zero
from openward.observe.reconstruct import Array, balance, seed_from_intermediates
from openward.observe.worldpack import DEFAULT, SCHEMA, load_world

PACKAGE, VERSION, MEMBER = "sanction-simulator", "0.1.4", "sanction_simulator/data/bench_cache.npz"
INPUTS = Path(__file__).parent / "inputs"
YEAR = 2022


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The published part: ``uses[importer, exporter, input, using]``, ``produced[exporter, sector]``."""

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    uses: Array
    produced: Array
    output: Array


def download(folder: Path) -> Path:
    wanted = f"{PACKAGE}=={VERSION}"
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(folder), wanted],
        check=True,
    )
    return next(folder.glob("sanction_simulator-*.whl"))


def read_network(wheel: Path) -> Network:
    """Read the network; nodes are sector-major, the flow from row to column is ``A * (omb * s)``."""
    with zipfile.ZipFile(wheel) as archive:
        arrays = np.load(io.BytesIO(archive.read(MEMBER)), allow_pickle=False)
    economies = tuple(str(code) for code in arrays["countries"])
    sectors = tuple(str(code) for code in arrays["sectors"])
    n, j = len(economies), len(sectors)
    sales = arrays["A"] * (arrays["omb"] * arrays["s"])[None, :]
    return Network(
        economies=economies,
        sectors=sectors,
        uses=sales.reshape(j, n, j, n).transpose(3, 1, 0, 2),
        produced=arrays["z"].reshape(j, n).T,
        output=arrays["s"].reshape(j, n).T,
    )


def read_licence(wheel: Path) -> str:
    """Read the license of the package, which asks to go where its files go."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("dist-info/licenses/LICENSE"))
        return archive.read(name).decode("utf-8")


def read_balances(economies: tuple[str, ...]) -> tuple[Array, tuple[int | None, ...]]:
    """Read imports less exports over GDP, zero where no recent year is published."""
    with (INPUTS / "balances.csv").open(encoding="utf-8") as file:
        rows = {row["economy"]: row for row in csv.DictReader(file)}
    gaps = np.array(
        [
            (float(rows[code]["imports_pct_gdp"]) - float(rows[code]["exports_pct_gdp"])) / 100
            if code in rows
            else 0
            for code in economies
        ]
    )
    return gaps, tuple(int(rows[code]["year"]) if code in rows else None for code in economies)


def read_home_preference(sectors: tuple[str, ...]) -> Array:
    with (INPUTS / "home_preference.csv").open(encoding="utf-8") as file:
        ratio = {row["industry"]: float(row["ratio"]) for row in csv.DictReader(file)}
    return np.array([ratio[code] for code in sectors])


def write_pack(network: Network, folder: Path) -> None:
    gaps, years = read_balances(network.economies)
    intermediate = network.uses.sum(axis=3)
    value_added = network.output - network.uses.sum(axis=(1, 2))
    deficits = sum_to_zero(gaps * value_added.sum(axis=1))
    fitted = balance(
        seed=seed_from_intermediates(
            intermediate=intermediate,
            produced=network.produced,
            home_preference=read_home_preference(network.sectors),
        ),
        produced=network.produced,
        spending=value_added.sum(axis=1) + deficits,
    )
    flows = intermediate + fitted.values
    economies, sectors = list(network.economies), list(network.sectors)
    _write(_long(flows, importer=economies, exporter=economies, sector=sectors), folder / "flows.parquet")
    _write(
        _long(network.uses.sum(axis=1), economy=economies, input=sectors, using=sectors),
        folder / "use.parquet",
    )
    industries = pl.DataFrame(
        {
            "economy": np.repeat(economies, len(sectors)),
            "sector": np.tile(sectors, len(economies)),
            "output": _rounded(flows.sum(axis=0)).ravel(),
            "value_added": _rounded(value_added).ravel(),
            "final_sales": _rounded(network.produced).ravel(),
        }
    )
    _write(industries, folder / "industries.parquet")
    accounts = pl.DataFrame(
        {
            "economy": economies,
            "deficit": np.round(flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)), 5) + 0.0,
            "final_spending": _rounded(fitted.values.sum(axis=(1, 2))),
            "balance_year": pl.Series(years, dtype=pl.Int32),
        }
    )
    _write(accounts, folder / "economies.parquet")
    balanced = [code for code, year in zip(economies, years, strict=True) if year is None]
    head = _head(network, balanced=balanced, rounds=fitted.iterations)
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=100)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")


def _head(network: Network, *, balanced: list[str], rounds: int) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "name": "world2022",
        "year": YEAR,
        "currency": "USD",
        "scale": 1e6,
        "unit": "million USD at current prices, basic prices",
        "source": (
            "OECD Inter-Country Input-Output tables, 2025 edition, year 2022, as packaged in "
            f"{PACKAGE} {VERSION} (PyPI); final demand by destination reconstructed by openward"
        ),
        "licence": "OECD data under the OECD's terms and conditions (attribution); packaging MIT",
        "attribution": [
            "OECD, Inter-Country Input-Output Database, "
            "https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
            "Ashwin Bhattathiripad and Vipin P. Veetil, sanction-simulator, MIT License, (c) 2026",
            "World Bank, World Development Indicators (goods-and-services balance, CC BY 4.0), via Gapminder",
            "WIOD 2013 release (home preference of final buyers, CC BY 4.0)",
        ],
        "notes": [
            "Final demand by destination is an estimate; docs/world-pack.md gives its measured error.",
            "There is no rest of the world: sales to economies outside the table count as final sales to "
            "the 80, inputs bought from outside as value added.",
            "Value added includes taxes less subsidies on intermediate inputs.",
            "Surpluses and deficits are scaled to a common sum, so that the world is in balance.",
        ],
        "method": {
            "final_demand": "iterative proportional fitting; seed: intermediates x home preference",
            "rounds": rounds,
            "deficits": f"goods-and-services balance over GDP, latest year 2019-{YEAR}, x value added",
        },
        "assumed_balanced": balanced,
        "economies": list(network.economies),
        "sectors": list(network.sectors),
    }


def _rounded(values: Array, *, digits: int = 10) -> Array:
    """Keep ten significant digits: sums differ in the last ones from one processor to the next."""
    size = np.where(values != 0, np.abs(values), 1.0)
    places = 10.0 ** (digits - 1 - np.floor(np.log10(size)))
    return np.asarray(np.round(values * places) / places, dtype=np.float64)


def _long(values: Array, **keys: list[str]) -> pl.DataFrame:
    """Long form in single precision without its zeros, in array order."""
    cells = np.nonzero(values)
    columns: dict[str, pl.Series] = {
        key: _labels(codes, at) for (key, codes), at in zip(keys.items(), cells, strict=True)
    }
    columns["value"] = pl.Series(values[cells].astype(np.float32))
    return pl.DataFrame(columns)


def _labels(codes: list[str], at: np.typing.NDArray[np.intp]) -> pl.Series:
    return pl.Series(codes, dtype=pl.Enum(codes)).gather(at)


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)


def build(wheel: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".pack-") as scratch:
        fresh = Path(scratch) / out.name
        fresh.mkdir()
        write_pack(read_network(wheel), fresh)
        (fresh / "LICENSE.sanction-simulator.txt").write_text(read_licence(wheel), encoding="utf-8")
        load_world(fresh)
        if out.exists():
            out.rename(Path(scratch) / "old")
        fresh.rename(out)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheel", type=Path, help="the wheel, if it is at hand")
    parser.add_argument("--out", type=Path, default=DEFAULT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build(options.wheel or download(Path(scratch)), options.out)
    size = sum(path.stat().st_size for path in options.out.iterdir())
    print(f"{options.out.name}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
