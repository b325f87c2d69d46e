"""Starts one service in this process and ends it on a signal, within its grace period, whatever it is waiting for."""

import importlib
import inspect
import os
import signal
import sys
from typing import Any

import eventlet
import structlog
from eventlet import debug, patcher
from eventlet.event import Event
from nameko.containers import ServiceContainer

from chassis import logs
from chassis.metrics import WORKING
from chassis.service import Process
from chassis.settings import settings

log = structlog.get_logger()

MAX_WORKERS = 2_000
"""Above the sum of all prefetches and requests, so that the pool itself never makes anyone wait."""

CUT_SHORT = 75


def service_class(name: str) -> type[Process]:
    """The service class in the module `<name>.service`."""
    module = importlib.import_module(f"{name}.service")
    found = [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Process) and member.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise SystemExit(f"{module.__name__} must define exactly one Process, it has {len(found)}")
    return found[0]


def run(name: str) -> None:
    """Run the service until a signal ends it or it dies of an error that nobody caught.

    Raises `environs.EnvError`, or chassis' NoKeys or WrongKeys, for settings that it cannot start with.
    """
    logs.configure(name, settings.log_level)
    config = {"AMQP_URI": settings.amqp_uri, "max_workers": MAX_WORKERS}
    container = ServiceContainer(service_class(name), config)
    begun = Event()
    _end_on_signal(container, begun)
    WORKING.set_function(lambda: len(container._worker_threads) + len(container._managed_threads))  # noqa: SLF001 - nameko counts them nowhere else
    _start(container)
    begun.send()
    log.info("started", pid=os.getpid(), internal=f"{settings.internal_host}:{settings.internal_port}")
    container.wait()
    log.info("stopped")


def _start(container: ServiceContainer) -> None:
    debug.hub_exceptions(False)  # what keeps it from starting is raised here, and needs no telling by the hub too
    try:
        container.start()
    finally:
        debug.hub_exceptions(True)


def _end_on_signal(container: Any, begun: Event) -> None:
    def stop() -> None:
        begun.wait()  # nameko stops nothing that it has not started
        container.stop()

    def end(number: int, frame: Any) -> None:
        _cut_short_after(settings.grace_seconds)
        eventlet.spawn_n(stop)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


def _cut_short_after(seconds: float) -> None:
    # A real thread: it also ends a process whose event loop hangs.
    def cut() -> None:
        sys.stdout.write('{"event": "grace period over, cut short", "level": "error"}\n')
        sys.stdout.flush()
        os._exit(CUT_SHORT)

    timer = patcher.original("threading").Timer(seconds, cut)
    timer.daemon = True
    timer.start()
