"""`python -m chassis …`, in the images also `sandan …`: how operators start and look after services."""

import eventlet

eventlet.monkey_patch()

from chassis.operating.front import sandan  # noqa: E402 - after monkey patching

if __name__ == "__main__":
    sandan(prog_name="sandan")
