"""What formulas can ask of the world pack: which industries produce, what final demand is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from openward.claims.at_hand import AtHand
from openward.claims.claim import Datum
from openward.errors import InputError, UnknownCodeError
from openward.observe.worldpack import WorldPack, load_world


def industries(at: AtHand, *, sections: str) -> float:
    """Count the industries of the table in ISIC sections (``"ABC"``: goods)."""
    return float(_in(_world(at), sections).sum())


def producing(at: AtHand, *, economy: str, sections: str) -> float:
    """Count the industries in ISIC sections in which an economy has output."""
    world = _world(at)
    return float((world.output[_row(world, economy)][_in(world, sections)] > 0).sum())


def economies_producing_all(at: AtHand, *, sections: str) -> frozenset[str]:
    """Give the economies that have output in every industry of the ISIC sections."""
    world = _world(at)
    goods = _in(world, sections)
    return frozenset(
        code for code, output in zip(world.economies, world.output, strict=True) if (output[goods] > 0).all()
    )


def final_share(at: AtHand, *, economy: str, sections: str) -> float:
    """Give the share of ISIC sections in an economy's final demand, investment included (a fraction)."""
    world = _world(at)
    spent = world.final_value[_row(world, economy)]
    return float(spent[_in(world, sections)].sum() / spent.sum())


def trade_rank(at: AtHand, *, economy: str, sections: str) -> float:
    """Rank an economy by exports plus imports of ISIC sections among those of the table."""
    world = _world(at)
    flows = world.flows[:, :, _in(world, sections)].sum(axis=2)
    np.fill_diagonal(flows, 0.0)
    total = flows.sum(axis=0) + flows.sum(axis=1)
    return float((total > total[_row(world, economy)]).sum() + 1)


@cache
def _load() -> WorldPack:
    return load_world()


def _world(at: AtHand) -> WorldPack:
    world = _load()
    at.use(Datum(world.name, world.source, str(world.year), world.licence))
    return world


def _row(world: WorldPack, economy: str) -> int:
    if economy not in world.economies:
        raise UnknownCodeError(f"{economy} is not in the world pack", hint="it holds 80 economies")
    return world.economies.index(economy)


def _in(world: WorldPack, sections: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    chosen = np.array([code[0] in sections for code in world.sectors])
    if not chosen.any():
        raise InputError(f"no industry is in sections {sections!r}", hint='ISIC letters, such as "ABC"')
    return chosen


WORLD: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "world.industries": industries,
        "world.producing": producing,
        "world.economies_producing_all": economies_producing_all,
        "world.final_share": final_share,
        "world.trade_rank": trade_rank,
    }
)
