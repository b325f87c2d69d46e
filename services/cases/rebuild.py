"""Makes the copy of the territory anew from what members keeps: `python -m cases.rebuild`, while both are running."""

import sys

from chassis.operator import ask


def main() -> None:
    """Copy page after page; what is already as new as members has it stays as it is."""
    after: str | None = ""
    pages = 0
    while after is not None:
        after = ask("cases", "copy_places", after=after)
        pages += 1
    sys.stdout.write(f"pages of the territory copied: {pages}\n")


if __name__ == "__main__":
    main()
