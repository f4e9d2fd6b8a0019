"""Runs benchmarks and puts what they print into docs/benchmarks.md, between its marks.

python -m bench._write pages map     # as ``script/bench --write pages map``
"""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def printed(name: str) -> str:
    """What a benchmark prints, shown while it comes."""
    command = [sys.executable, "-u", "-m", f"bench.{name}"]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if running.returncode:
        raise SystemExit(f"bench.{name} failed; nothing of it was written.")
    return "".join(lines)


def write(name: str, text: str) -> None:
    """Replace what stands in the page between the marks of a benchmark; prose round it stays."""
    figures = re.sub(r"^### .*\n+", "", text.strip())
    page = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- printed: {name} -->\n", "<!-- end -->"
    before, mark, rest = page.partition(start)
    if not mark:
        print(f"docs/benchmarks.md has no place for {name}: it lacks the line {start}")
        return
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{start}\n{figures}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(name, printed(name))
