"""The database `cases`: the only place that speaks to MongoDB, split by noun."""

from cases.store.cases import CaseStore
from cases.store.contacts import ContactStore
from cases.store.forgetting import RetentionStore
from cases.store.leavers import LeaverStore
from cases.store.photos import PhotoStore
from cases.store.places import PlaceStore

__all__ = ["CaseStore", "ContactStore", "LeaverStore", "PhotoStore", "PlaceStore", "RetentionStore"]
