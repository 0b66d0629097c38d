"""Read a Parquet table of published data into dense arrays: as `openward.simulate.published`."""

from openward.simulate.published import dense, read_table

__all__ = ["dense", "read_table"]
