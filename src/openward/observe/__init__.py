"""Tables of what happened: the embedded world pack, and how it was made."""

from openward.observe.worldpack import WorldPack, load_world

__all__ = ["WorldPack", "load_world"]
