"""The web server, and the worker that runs the rules beside it."""

from __future__ import annotations

import click

from relmap.cli.options import with_app
from relmap.cli.root import REFUSED
from relmap.errors import Refused

__all__ = ["serve", "work"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the pages, with one worker process beside."""
    from relmap.cli.server import run  # gunicorn, which no other command needs

    run(host, port)


@click.command()
@click.option("--once", is_flag=True, help="One sweep, then stop.")
@click.option("--beside", type=int, hidden=True, help="End when this process ends.")
@with_app
def work(once: bool, beside: int | None) -> None:
    """Score and scan every account that is due, again and again."""
    from relmap import jobs

    if once and beside is not None:
        raise Refused("--once stops by itself; --beside is for the server's own worker.")
    if not jobs.work(once=once, beside=beside) and once:
        click.get_current_context().exit(REFUSED)
