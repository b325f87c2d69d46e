"""The census of new-employment workers: riders, couriers, drivers, streamers."""
