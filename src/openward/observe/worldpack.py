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
from openward.observe.dictionary import dataset, shape_faults

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
    stored = _read(directory or DEFAULT)
    _check(stored)
    head = stored.head
    flows = stored.flows * _ratio(stored.output, stored.flows.sum(axis=0))[None]
    use, final = _split(absorbed=flows.sum(axis=1), use=stored.use)
    return WorldPack(
        name=head["name"],
        year=int(head["year"]),
        currency=head["currency"],
        scale=float(head["scale"]),
        source=head["source"],
        licence=head["licence"],
        economies=stored.economies,
        sectors=stored.sectors,
        flows=flows,
        use_value=use,
        final_value=final,
        output=stored.output,
        assumed_balanced=tuple(head["assumed_balanced"]),
        notes=tuple(head["notes"]),
    )


_REBUILD = "the pack is damaged: reinstall openward, or rebuild it with scripts/build_world_pack.py"
_HEAD = (
    "name",
    "year",
    "currency",
    "scale",
    "source",
    "licence",
    "economies",
    "sectors",
    "assumed_balanced",
    "notes",
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """The pack as its files have it, flows and inputs rounded to single precision."""

    folder: Path
    head: dict[str, Any]
    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Array
    use: Array
    output: Array
    value_added: Array
    deficits: Array


def _read(folder: Path) -> _Stored:
    head = _read_head(folder / "pack.yaml")
    economies, sectors = tuple(head["economies"]), tuple(head["sectors"])
    return _Stored(
        folder=folder,
        head=head,
        economies=economies,
        sectors=sectors,
        flows=_array(folder, "world-flows", "value", (economies, economies, sectors)),
        use=_array(folder, "world-use", "value", (economies, sectors, sectors)),
        output=_array(folder, "world-industries", "output", (economies, sectors)),
        value_added=_array(folder, "world-industries", "value_added", (economies, sectors)),
        deficits=_array(folder, "world-economies", "deficit", (economies,)),
    )


def _read_head(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise MissingDataError("there is no world pack here", where=str(path), hint=_REBUILD)
    try:
        head = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise InputError("not readable as YAML", where=str(path), hint=_REBUILD) from error
    schema = head.get("schema") if isinstance(head, dict) else None
    if schema != SCHEMA:
        raise InputError(f"schema is {schema!r}, expected {SCHEMA!r}", where=str(path), hint=_REBUILD)
    missing = [name for name in _HEAD if name not in head]
    if missing:
        raise InputError("no field " + ", ".join(missing), where=str(path), hint=_REBUILD)
    return dict(head)


def _table(folder: Path, name: str) -> pl.DataFrame:
    entry = dataset(name)
    path = folder / entry.file
    if not path.is_file():
        raise MissingDataError("a table of the world pack is not there", where=str(path), hint=_REBUILD)
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("not a readable Parquet file", where=str(path), hint=_REBUILD) from error
    wrong = shape_faults(frame, of=entry, where=str(path))
    if wrong:
        raise InputErrors(wrong)
    return frame


def _array(folder: Path, name: str, column: str, codes: tuple[tuple[str, ...], ...]) -> Array:
    """Put a column into an array whose axes are the table's key; a missing row is zero."""
    entry, frame = dataset(name), _table(folder, name)
    dense = np.zeros(tuple(len(known) for known in codes))
    at = []
    for key, known in zip(entry.key, codes, strict=True):
        place = frame[key].cast(pl.Enum(list(known)), strict=False).to_physical()
        if place.has_nulls():
            code = frame[key].filter(place.is_null())[0]
            where = f"{folder / entry.file}: {key}"
            raise InputError(f"code {code!r} is not listed in pack.yaml", where=where, hint=_REBUILD)
        at.append(place.to_numpy())
    dense[tuple(at)] = frame[column].to_numpy()
    return dense


def _check(stored: _Stored) -> None:
    """Raise unless sales equal output, income equals expenditure, and nothing is negative, to `TOLERANCE`."""
    flows, use, output = stored.flows, stored.use, stored.output
    absorbed, used = flows.sum(axis=1), use.sum(axis=2)
    spent = absorbed.sum(axis=1) - used.sum(axis=1)
    imbalance = flows.sum(axis=(1, 2)) - output.sum(axis=1)
    income = stored.value_added.sum(axis=1) + stored.deficits
    economies, sectors = stored.economies, stored.sectors
    checks = (
        (("world-flows",), "negative or missing flow", ~(flows >= 0), (economies, economies, sectors)),
        (("world-use",), "negative or missing input", ~(use >= 0), (economies, sectors, sectors)),
        (("world-industries",), "negative or missing output", ~(output >= 0), (economies, sectors)),
        (
            ("world-flows", "world-industries"),
            "sales differ from output",
            _apart(flows.sum(axis=0), output),
            (economies, sectors),
        ),
        (
            ("world-use", "world-flows"),
            "more is used than bought",
            used > absorbed * (1 + TOLERANCE),
            (economies, sectors),
        ),
        (
            ("world-use", "world-industries"),
            "output less inputs differs from value added",
            _apart(use.sum(axis=1) + stored.value_added, output),
            (economies, sectors),
        ),
        (
            ("world-flows", "world-economies"),
            "imports less exports differ from the deficit",
            _apart(spent + stored.deficits - imbalance, spent),
            (economies,),
        ),
        (
            ("world-industries", "world-economies"),
            "income differs from expenditure",
            _apart(income, spent),
            (economies,),
        ),
    )
    errors: list[OpenwardError] = []
    for tables, what, bad, labels in checks:
        if bad.any():
            first = " ".join(codes[at] for codes, at in zip(labels, np.argwhere(bad)[0], strict=True))
            where = f"{stored.folder}: " + ", ".join(dataset(name).file for name in tables)
            message = f"{what} in {int(bad.sum())} cells, first {first}"
            errors.append(InputError(message, where=where, hint=_REBUILD))
    if errors:
        raise InputErrors(errors)


def _split(*, absorbed: Array, use: Array) -> tuple[Array, Array]:
    """Split purchases into inputs and final use, without the crumbs that rounding leaves in final use."""
    used = use.sum(axis=2)
    final = absorbed - used
    crumbs = np.abs(final) <= TOLERANCE * absorbed
    use = use * np.where(crumbs, _ratio(absorbed, used), 1.0)[:, :, None]
    return use, np.where(crumbs, 0.0, final)


def _apart(value: Array, expected: Array) -> NDArray[np.bool_]:
    return np.asarray(~(np.abs(value - expected) <= TOLERANCE * np.abs(expected)), dtype=np.bool_)


def _ratio(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.ones(above.shape), where=below > 0)
