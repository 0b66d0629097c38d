"""``openward serve``: the workbench in the browser."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)] = 8765,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
) -> None:
    """Start the workbench on 127.0.0.1; stop it with Ctrl-C."""
    from openward.web.serve import serve as run_server

    run_server(host="127.0.0.1", port=port, open_browser=open_browser)
