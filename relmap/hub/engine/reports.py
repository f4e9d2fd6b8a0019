"""What the place where a rule ran says of it, as one line of bytes: a header and the result.

The header is JSON without line breaks, then a tab, then the result's own JSON. Nothing that comes
from a child process is ever unpickled: that would skip the checks and let a result run code here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, get_args

from relmap.hub.engine.outcomes import Status

__all__ = ["Report", "decode", "encode"]


@dataclass(frozen=True, slots=True)
class Report:
    """One rule's result as JSON text, not yet examined.

    ``is_spent`` says that the process is not fit for another rule, whatever the result; ``ran`` is
    false where the rule's turn never came.
    """

    status: Status
    result: str = ""
    reason: str = ""
    seconds: float = 0.0
    is_spent: bool = False
    ran: bool = True

    def header(self, number: int) -> dict[str, Any]:
        """The report without its result, as the header of a line."""
        return {
            "rule": number,
            "status": self.status,
            "reason": self.reason,
            "seconds": self.seconds,
            "is_spent": self.is_spent,
        }

    @classmethod
    def read(cls, header: dict[str, Any], result: str) -> Report:
        """A report from its line; raises ``ValueError`` where it is none."""
        try:
            report = cls(
                status=header["status"],
                result=result,
                reason=str(header["reason"]),
                seconds=float(header["seconds"]),
                is_spent=bool(header["is_spent"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("Not a report of the engine.") from error
        if report.status not in get_args(Status):
            raise ValueError("Not a report of the engine.")
        return report


def encode(header: dict[str, Any], result: str = "") -> bytes:
    """One line for the wire."""
    return json.dumps(header).encode() + b"\t" + result.encode() + b"\n"


def decode(line: bytes) -> tuple[dict[str, Any], str]:
    """A line's header and result; raises ``ValueError`` where it is none of ours."""
    header, tab, result = line.partition(b"\t")
    found = json.loads(header)
    if not (tab and isinstance(found, dict)):
        raise ValueError("Not a line of the engine.")
    return found, result.decode()
