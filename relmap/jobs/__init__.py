"""What runs beside the pages: plain functions of ids and a day, called by the CLI and the worker.

Each is idempotent, commits once an account, and may run twice at once. A lost message or a killed
worker loses nothing: what is due is found again by the next sweep.
"""

from relmap.jobs.sweep import Swept, sweep
from relmap.jobs.turns import (
    all_accounts,
    engine,
    forecast_accounts,
    limits,
    scan_account,
    scan_accounts,
    score_account,
    score_accounts,
    take_scans_back,
)
from relmap.jobs.worker import work

__all__ = [
    "Swept",
    "all_accounts",
    "engine",
    "forecast_accounts",
    "limits",
    "scan_account",
    "scan_accounts",
    "score_account",
    "score_accounts",
    "sweep",
    "take_scans_back",
    "work",
]
