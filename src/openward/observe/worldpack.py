"""The world that ships inside the package: 80 economies, 50 industries, 2022."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError

Array = NDArray[np.float64]

SCHEMA = "openward.world-pack/1"
TOLERANCE = 1e-6
"""Largest relative miss of an accounting identity that is put down to the rounding of the files."""

DEFAULT = Path(__file__).parent / "data" / "world2022"


@dataclass(frozen=True, slots=True, eq=False)
class WorldPack:
    """An inter-country input-output table with final demand by destination, in balance.

    Attributes
    ----------
    name, year, currency, scale, source, licence
        What it is; values are in ``scale * currency``.
    economies, sectors : tuple of str
        Codes, in array order.
    flows : [N, N, J]
        ``flows[importer, exporter, sector]``: purchases for intermediate and final use at basic prices,
        net of tariff, home sales included.
    use_value : [N, J, J]
        ``use_value[n, k, j]``: purchases of input k, from all sources, by industry j of economy n.
    final_value : [N, J]
        Purchases for final use, from all sources.
    output : [N, J]
        Gross output.
    assumed_balanced : tuple of str
        Economies whose goods-and-services balance was not at hand: balanced trade is assumed.
    notes : tuple of str
        What a reader of results must know.
    """

    name: str
    year: int
    currency: str
    scale: float
    source: str
    licence: str
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Array
    use_value: Array
    final_value: Array
    output: Array
    assumed_balanced: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def value_added(self) -> Array:
        """Output less intermediate inputs [N, J]; includes taxes less subsidies on them."""
        return np.asarray(self.output - self.use_value.sum(axis=1), dtype=np.float64)

    @property
    def deficits(self) -> Array:
        """Imports less exports [N]; sums to zero."""
        return np.asarray(self.flows.sum(axis=(1, 2)) - self.output.sum(axis=1), dtype=np.float64)


def load_world(directory: Path | None = None) -> WorldPack:
    """Load a world pack and check that it is in balance.

    Parameters
    ----------
    directory : Path, optional
        Folder with ``pack.yaml`` and its Parquet tables; the shipped world of 2022 by default.

    Returns
    -------
    WorldPack
        Float64 arrays. Rounding of the stored single-precision flows is taken out by scaling each industry's
        sales to its output, so that market clearing and income = expenditure hold to rounding of doubles.

    Raises
    ------
    MissingDataError
        A file is absent.
    InputErrors
        Sales and output, value added, or deficits disagree by more than 1e-6, or a value is negative.
    """
    folder = directory or DEFAULT
    head = _head(folder)
    economies, sectors = tuple(head["economies"]), tuple(head["sectors"])
    n, j = len(economies), len(sectors)
    flows = _dense(
        folder / "flows.parquet", ("importer", "exporter", "sector"), (economies, economies, sectors)
    )
    use = _dense(folder / "use.parquet", ("economy", "input", "using"), (economies, sectors, sectors))
    industries = _rows(folder / "industries.parquet", n * j)
    accounts = _rows(folder / "economies.parquet", n)
    output = industries["output"].to_numpy().reshape(n, j)
    value_added = industries["value_added"].to_numpy().reshape(n, j)
    deficits = accounts["deficit"].to_numpy()
    _check(folder, economies, sectors, flows, use, output, value_added, deficits)

    flows *= _ratio(output, flows.sum(axis=0))[None]
    absorbed, used = flows.sum(axis=1), use.sum(axis=2)
    final = absorbed - used
    over = final < TOLERANCE * absorbed
    over &= np.abs(final) <= TOLERANCE * absorbed
    use *= np.where(over, _ratio(absorbed, used), 1.0)[:, :, None]
    final[over] = 0.0
    return WorldPack(
        name=head["name"],
        year=int(head["year"]),
        currency=head["currency"],
        scale=float(head["scale"]),
        source=head["source"],
        licence=head["licence"],
        economies=economies,
        sectors=sectors,
        flows=flows,
        use_value=use,
        final_value=final,
        output=output,
        assumed_balanced=tuple(head["assumed_balanced"]),
        notes=tuple(head["notes"]),
    )


def _head(folder: Path) -> dict[str, Any]:
    path = folder / "pack.yaml"
    if not path.is_file():
        raise MissingDataError("there is no world pack here", where=str(path), hint="reinstall openward")
    head: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    if head.get("schema") != SCHEMA:
        raise InputError(f"schema is {head.get('schema')!r}, expected {SCHEMA!r}", where=str(path))
    return head


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _rows(path: Path, count: int) -> pl.DataFrame:
    if not path.is_file():
        raise MissingDataError(
            "a table of the world pack is not there", where=str(path), hint="reinstall openward"
        )
    frame = pl.read_parquet(path)
    if frame.height != count:
        raise InputError(f"{frame.height} rows, expected {count}", where=str(path), hint="rebuild the pack")
    return frame


def _dense(path: Path, keys: tuple[str, str, str], codes: tuple[tuple[str, ...], ...]) -> Array:
    if not path.is_file():
        raise MissingDataError(
            "a table of the world pack is not there", where=str(path), hint="reinstall openward"
        )
    frame = pl.read_parquet(path)
    dense = np.zeros(tuple(len(known) for known in codes))
    try:
        at = tuple(
            frame[key].cast(pl.Enum(list(known))).to_physical().to_numpy()
            for key, known in zip(keys, codes, strict=True)
        )
    except pl.exceptions.InvalidOperationError as error:
        raise InputError("a code that pack.yaml does not list", where=str(path), hint=str(error)) from error
    dense[at] = frame["value"].to_numpy()
    return dense


def _check(
    folder: Path,
    economies: tuple[str, ...],
    sectors: tuple[str, ...],
    flows: Array,
    use: Array,
    output: Array,
    value_added: Array,
    deficits: Array,
) -> None:
    """Market clearing, income = expenditure, non-negativity."""
    errors: list[OpenwardError] = []

    def report(table: str, what: str, bad: NDArray[np.bool_], labels: tuple[tuple[str, ...], ...]) -> None:
        if bad.any():
            first = " ".join(known[at] for known, at in zip(labels, np.argwhere(bad)[0], strict=True))
            errors.append(
                InputError(
                    f"{what} in {int(bad.sum())} cells, first {first}",
                    where=str(folder / table),
                    hint="the pack is damaged: rebuild it with scripts/build_world_pack.py or reinstall",
                )
            )

    pair, cells = (economies, economies, sectors), (economies, sectors)
    report("flows.parquet", "negative or missing flow", ~(flows >= 0), pair)
    report("use.parquet", "negative or missing input", ~(use >= 0), (economies, sectors, sectors))
    absorbed, used, sold = flows.sum(axis=1), use.sum(axis=2), flows.sum(axis=0)
    report("flows.parquet", "sales differ from output", _off(sold, output, output), cells)
    report("use.parquet", "industries use more than is bought", used > absorbed * (1 + TOLERANCE), cells)
    report(
        "use.parquet",
        "output less inputs differs from value added",
        _off(output - use.sum(axis=1), value_added, output),
        cells,
    )
    imbalance = flows.sum(axis=(1, 2)) - output.sum(axis=1)
    spent = absorbed.sum(axis=1) - used.sum(axis=1)
    report(
        "economies.parquet",
        "imports less exports differ from the deficit",
        _off(imbalance, deficits, spent),
        (economies,),
    )
    report(
        "economies.parquet",
        "income differs from expenditure",
        _off(value_added.sum(axis=1) + deficits, spent, spent),
        (economies,),
    )
    if abs(deficits.sum()) > TOLERANCE * spent.sum():
        errors.append(InputError("deficits do not sum to zero", where=str(folder / "economies.parquet")))
    if errors:
        raise InputErrors(errors)


def _off(left: Array, right: Array, size: Array) -> NDArray[np.bool_]:
    return np.asarray(~(np.abs(left - right) <= TOLERANCE * np.abs(size)), dtype=np.bool_)


def _ratio(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.ones(above.shape), where=below > 0)
