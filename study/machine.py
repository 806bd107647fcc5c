"""What `study --version` says: this version, and what it computes with."""

import platform
from importlib import metadata

from study.plan.forecast import cores
from study.store.provenance import fingerprint, versions

OPTIONAL = {"dask": "distributed"}
"""Optional parts, and the package that brings each."""


def version_text() -> str:
    """Return the version, and a line each on what decides numbers, speed and what can be done."""
    here = fingerprint()
    rows = {
        "Python": f"{here['python']} on {platform.platform(terse=True)}",
        "NumPy": here["numpy"],
        "BLAS": f"{here['blas']}, kernels for {here['blas_kernel']}",
        "processor": f"{here['cpu']}, {cores()} cores to use",
        **{name: _optional(package) for name, package in OPTIONAL.items()},
    }
    lines = [f"  {name:<10} {says}" for name, says in rows.items()]
    return "\n".join([f"study, version {versions().get('study', 'not installed')}", *lines])


def _optional(package: str) -> str:
    """Say whether an optional part is there, and how it is had."""
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return f"not installed; pip install {package} brings it"
