"""Executors, which run the stages of a build: in this process, in processes of this machine, on a cluster (``cluster/``)."""

from builder.workers.collector import without_collector
from builder.workers.pool import (
    Account,
    Allowance,
    SerialExecutor,
    TaskLost,
    TaskRunner,
    WorkerLostError,
    WorkerPool,
    executor_named,
    is_fatal,
)

__all__ = [
    "Account",
    "Allowance",
    "SerialExecutor",
    "TaskLost",
    "TaskRunner",
    "WorkerLostError",
    "WorkerPool",
    "executor_named",
    "is_fatal",
    "without_collector",
]
