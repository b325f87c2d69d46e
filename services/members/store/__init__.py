"""The service's database: the only place that speaks to MongoDB, split by noun."""

from members.store.accounts import AccountStore
from members.store.engagements import EngagementStore
from members.store.people import PeopleStore
from members.store.territory import TerritoryStore

__all__ = ["AccountStore", "EngagementStore", "PeopleStore", "TerritoryStore"]
