"""Cases as service requests of Open311 GeoReport v2: what anybody may read of them, and filing one."""
