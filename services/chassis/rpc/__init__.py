"""Requests between services, with a deadline on each, over held channels; the wire is nameko's own."""

from chassis.rpc.client import DeadlineExceeded, Remote, RemoteFault, Service, Unreachable
from chassis.rpc.server import Rpc, rpc

__all__ = ["DeadlineExceeded", "Remote", "RemoteFault", "Rpc", "Service", "Unreachable", "rpc"]
