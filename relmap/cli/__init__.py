"""The command ``relmap``. Each module holds the commands of one noun; this one joins them.

Exit status: 0 done, 1 refused (the message on standard error; with ``--json`` also one document
``{"error", "row", "column"}`` on standard output), 2 wrong usage, 3 held by the guard.
"""

from __future__ import annotations

from relmap.cli.accounts import account, person, user, view
from relmap.cli.back_tests import backtest, lag
from relmap.cli.foresight import forecast, path, power, questions, threads
from relmap.cli.imports import import_
from relmap.cli.maintenance import backup, check, init, restore, sample
from relmap.cli.output import Relmap
from relmap.cli.plans import plan, whatif
from relmap.cli.plugins import plugin
from relmap.cli.posts import post
from relmap.cli.processes import serve, work
from relmap.cli.results import alerts, scan, score

__all__ = ["main"]

main = Relmap("relmap", help="Who sits where at a customer, and how broadly we know them.")
for command in (
    init,
    user,
    account,
    post,
    import_,
    score,
    scan,
    alerts,
    forecast,
    power,
    path,
    threads,
    plan,
    whatif,
    questions,
    backtest,
    lag,
    view,
    plugin,
    person,
    check,
    backup,
    restore,
    sample,
    serve,
    work,
):
    main.add_command(command)
