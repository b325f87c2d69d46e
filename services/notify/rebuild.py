"""Makes the copy of names anew from what members keeps: `python -m notify.rebuild`, while both are running."""

import sys

from chassis.operator import page_through


def main() -> None:
    """Copy page after page; a name that is already as new as members has it stays as it is."""
    pages = page_through("notify", "copy_names")
    categories = page_through("notify", "copy_categories")
    sys.stdout.write(f"pages of names copied: {pages}, of categories: {categories}\n")


if __name__ == "__main__":
    main()
