"""Makes the copy of names anew from what members keeps: `python -m notify.rebuild`, while both are running."""

import sys

from chassis.operator import ask


def main() -> None:
    """Copy page after page; a name that is already as new as members has it stays as it is."""
    after: str | None = ""
    pages = 0
    while after is not None:
        after = ask("notify", "copy_names", after=after)
        pages += 1
    sys.stdout.write(f"pages of names copied: {pages}\n")


if __name__ == "__main__":
    main()
