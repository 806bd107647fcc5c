"""[execution]: where and how fast the runs are trained."""

from typing import Annotated

from pydantic import AfterValidator, Field

from study.errors import did_you_mean, quoted
from study.space import Count, Frozen


def _executor(value: str) -> str:
    if value not in {"inline", "processes"} and not value.startswith("tcp://"):
        wrong = f"must be 'inline', 'processes' or 'tcp://HOST:PORT', got {quoted(value)}"
        raise ValueError(wrong + did_you_mean(value, ["inline", "processes"]))
    return value


class Execution(Frozen):
    """Where and how fast the runs are trained; changes no number."""

    workers: Count | None = Field(
        None, description="processes at once on this machine; default: one for each core"
    )
    executor: Annotated[
        str,
        AfterValidator(_executor),
        Field(json_schema_extra={"pattern": "^(inline|processes|tcp://.+)$"}),
    ] = Field(
        "processes",
        description="inline: in this process; processes: on this machine; tcp://HOST:PORT: on the "
        "Dask cluster whose scheduler has this address",
    )
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="seconds that one stack of runs may take, on this machine; default: no limit",
    )
