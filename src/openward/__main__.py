"""``python -m openward`` is the command line."""

from openward.cli.main import run

run()
