"""More than one process: the same work, spread over this machine or over a Dask cluster.

Everything that repeats (points of a sweep, draws of resampled votes, kelurahan of a city) is a
function and a list of tasks. An :class:`Executor` evaluates them and gives back the results by
number; as each depends on its task only, they are the same bytes wherever they were computed.
"""

from optimizer.scale.choose import executor_for
from optimizer.scale.dask_executor import Dask
from optimizer.scale.executor import Executor, Serial
from optimizer.scale.kelurahan import by_kelurahan
from optimizer.scale.processes import Processes

__all__ = ["Dask", "Executor", "Processes", "Serial", "by_kelurahan", "executor_for"]
