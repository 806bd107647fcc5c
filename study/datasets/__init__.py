"""The datasets: a name in the pipeline file, and how its samples are made."""

from study.datasets.bundled import Bundled
from study.datasets.dataset import Dataset, Parts, Samples
from study.datasets.files import Csv, Parquet
from study.datasets.generated import Blobs, Circles, Linear, Moons, Spirals, Stripes, Xor

DATASETS: dict[str, type[Dataset]] = {
    "linear": Linear,
    "xor": Xor,
    "circles": Circles,
    "moons": Moons,
    "spirals": Spirals,
    "blobs": Blobs,
    "stripes": Stripes,
    "csv": Csv,
    "parquet": Parquet,
    "sklearn": Bundled,
}

__all__ = ["DATASETS", "Dataset", "Parts", "Samples"]
