"""The web server, and who runs the rules: the worker beside it, or workers behind a broker."""

from __future__ import annotations

from types import ModuleType

import click

from relmap.cli.options import with_app
from relmap.cli.root import REFUSED
from relmap.errors import Refused

__all__ = ["beat", "serve", "work", "worker"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the pages, with one worker process beside unless RELMAP_BROKER_URL is set."""
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


@click.command()
@with_app
def worker() -> None:
    """Take turns of background work as the broker says, beside other workers.

    Start one a core, on as many machines as you like; RELMAP_BROKER_URL says where the broker is.
    """
    click.get_current_context().exit(_messages().worker())


@click.command()
@with_app
def beat() -> None:
    """Ask the workers behind the broker, again and again, to see what is due.

    One is enough; two do no harm.
    """
    _messages().beat()


def _messages() -> ModuleType:
    try:
        from relmap.jobs import messages  # Celery, which no other command needs
    except ImportError as error:
        raise Refused(
            "Workers behind a broker need {package}, which is not installed. Install it: "
            "script/setup postgres,workers",
            package=error.name,
        ) from error
    return messages
