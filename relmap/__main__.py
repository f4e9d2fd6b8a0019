"""``python -m relmap``: the command, for where its script is not on the path."""

from relmap.cli import main

main()
