"""A private RabbitMQ node and a private mongod on 127.0.0.1, for development and tests.

They keep everything in a directory of their own and need no root; a production broker and database are
set up in docker-compose.yml instead. The mongod 6.0.5 that comes in a wheel has CVE-2025-14847 (message
compression), hence no compressors and no listener but 127.0.0.1.
"""

from dev.servers.broker import BROKER_SECONDS, Broker
from dev.servers.missing import ServerMissing
from dev.servers.mongod import MONGOD_SECONDS, Mongod
from dev.servers.tls import Files

__all__ = ["BROKER_SECONDS", "MONGOD_SECONDS", "Broker", "Files", "Mongod", "ServerMissing"]
