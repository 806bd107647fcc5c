"""The kernels whose numbers documents and golden texts contain; others round otherwise."""

import pytest

from study.store.provenance import fingerprint

BLAS, SIMD = "Haswell", "X86_V4"
"""OpenBLAS's kernels for AVX2 (chosen in conftest.py), and NumPy's own loops for AVX-512."""

OTHER_KERNELS = f"these numbers are of OpenBLAS's {BLAS} kernels and NumPy's {SIMD} loops"


def same_kernels() -> bool:
    """Return whether this process computes with these kernels."""
    now = fingerprint()
    return now["blas_kernel"] == BLAS and SIMD in now["numpy_kernels"].split()


needs_same_kernels = pytest.mark.skipif(not same_kernels(), reason=OTHER_KERNELS)
