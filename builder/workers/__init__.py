"""Executors, which run the stages of a build: in this process, in processes of this machine, on a cluster (``cluster/``)."""

from builder.workers.pool import (
    SerialExecutor,
    TaskLost,
    TaskRunner,
    WorkerLostError,
    WorkerPool,
    executor_named,
    is_fatal,
)

__all__ = [
    "SerialExecutor",
    "TaskLost",
    "TaskRunner",
    "WorkerLostError",
    "WorkerPool",
    "executor_named",
    "is_fatal",
]
