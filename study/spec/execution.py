"""[execution]: where and how fast the runs are trained."""

from typing import Annotated

from pydantic import AfterValidator, Field

from study.errors import did_you_mean, quoted
from study.space import Count, Frozen

INLINE, PROCESSES = "inline", "processes"
SCHEME = "tcp://"
"""How the address of a Dask scheduler begins, which means its cluster."""


def _executor(value: str) -> str:
    if value not in {INLINE, PROCESSES} and not value.startswith(SCHEME):
        names = f"'{INLINE}', '{PROCESSES}' or '{SCHEME}HOST:PORT'"
        close = did_you_mean(value, [INLINE, PROCESSES])
        raise ValueError(f"must be {names}, got {quoted(value)}{close}")
    return value


class Execution(Frozen):
    """Where and how fast the runs are trained; changes no number."""

    workers: Count | None = Field(
        None, description="processes at once on this machine; default: one for each core"
    )
    executor: Annotated[
        str,
        AfterValidator(_executor),
        Field(json_schema_extra={"pattern": f"^({INLINE}|{PROCESSES}|{SCHEME}.+)$"}),
    ] = Field(
        PROCESSES,
        description=f"{INLINE}: in this process; {PROCESSES}: on this machine; {SCHEME}HOST:PORT: "
        "on the Dask cluster whose scheduler has this address",
    )
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="seconds that one stack of runs may take, on this machine; default: no limit",
    )
