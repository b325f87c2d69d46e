"""`python -m chassis …`, in the images also `sandan …`: how operators start and look after services."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until a command has begun there is nothing to say

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402 - after monkey patching

from environs import EnvError  # noqa: E402

from chassis.operating.setting_fault import sentence  # noqa: E402

try:
    from chassis.operating.front import sandan
except EnvError as error:  # settings are read where they are first imported
    sys.exit(f"Error: {sentence(error)}")

if __name__ == "__main__":
    sandan(prog_name="sandan")
