"""The table of faults: one row is one fault."""

from tests.chaos.faults import (
    broker,
    crashes,
    database,
    network,
    partner_access,
    partner_queues,
    partners,
    poisons,
    relays,
    saturation,
    scaling,
    topology,
)
from tests.chaos.stage import Fault

FAULTS: tuple[Fault, ...] = (
    *broker.FAULTS,
    *network.FAULTS,
    *topology.FAULTS,
    *database.FAULTS,
    *crashes.FAULTS,
    *relays.FAULTS,
    *poisons.FAULTS,
    *scaling.FAULTS,
    *saturation.FAULTS,
    *partners.FAULTS,
    *partner_access.FAULTS,
    *partner_queues.FAULTS,
)
