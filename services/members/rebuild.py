"""Makes the copies of where cases stand anew from what cases keeps: `python -m members.rebuild`, while both run."""

import sys

from chassis.operator import page_through


def main() -> None:
    """Copy page after page; what is already as new as cases has it stays as it is."""
    pages = page_through("members", "copy_cases")
    categories = page_through("members", "copy_categories")
    sys.stdout.write(f"pages of cases copied: {pages}, of categories: {categories}\n")


if __name__ == "__main__":
    main()
