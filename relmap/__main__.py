"""``python -m relmap``: the command, for where its script is not on the path."""

from relmap.cli import main

if __name__ == "__main__":  # a helper process imports this module and must not start anew
    main()
