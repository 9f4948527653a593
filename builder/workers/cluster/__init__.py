"""Builds on the machines of a cluster, which Dask (dask.distributed) connects: the same stages, the same bytes."""
