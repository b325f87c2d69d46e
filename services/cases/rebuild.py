"""Makes the copy of the territory anew from what members keeps: `python -m cases.rebuild`, while both are running."""

import sys

from chassis.operator import page_through


def main() -> None:
    """Copy page after page; what is already as new as members has it stays as it is."""
    pages = page_through("cases", "copy_places")
    sys.stdout.write(f"pages of the territory copied: {pages}\n")


if __name__ == "__main__":
    main()
