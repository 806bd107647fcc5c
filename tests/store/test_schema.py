"""The Parquet files describe their columns, and are compact."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from study.columns import TABLES
from study.store.files import write_table
from study.store.schema import ROW_GROUP, Precision, arrow_schema
from tests.store.made import Made, made, stored

tables = pytest.mark.parametrize("table", TABLES)


@tables
def test_every_field_has_its_meaning_unit_and_role(table: str) -> None:
    for column, field in zip(TABLES[table], arrow_schema(table, "float32"), strict=True):
        metadata = {key.decode(): value.decode() for key, value in field.metadata.items()}
        assert field.name == column.name
        assert metadata == {"meaning": column.meaning, "unit": column.unit, "role": column.role}


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_metrics_have_the_precision_and_choices_are_dictionaries(precision: Precision) -> None:
    types = {
        "run_id": pa.dictionary(pa.int32(), pa.string()),
        "hidden": pa.dictionary(pa.int32(), pa.string()),
        "width": pa.int32(),
        "epoch": pa.int32(),
        "lr": pa.float64(),
        "train_loss": pa.float32() if precision == "float32" else pa.float64(),
    }
    schema = arrow_schema("metrics", precision)
    assert {name: schema.field(name).type for name in types} == types
    assert arrow_schema("runs", precision).field("run_id").type == pa.string()


def test_files_carry_the_schema_codec_encodings_statistics_and_checksums(tmp_path: Path) -> None:
    stored(tmp_path, [made(0), made(1, held_out=True)])
    file = pq.ParquetFile(tmp_path / "metrics.parquet" / "part-000000.parquet")
    assert file.schema_arrow.equals(arrow_schema("metrics", "float32"), check_metadata=True)
    group = file.metadata.row_group(0)
    chunks = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert {chunk.compression for chunk in chunks.values()} == {"ZSTD"}
    assert "DELTA_BINARY_PACKED" in chunks["epoch"].encodings
    for name in ("train_loss", "test_loss", "gradient_norm"):
        assert "BYTE_STREAM_SPLIT" in chunks[name].encodings
    for name in ("run_id", "lr", "optimizer", "train_accuracy"):
        assert "RLE_DICTIONARY" in chunks[name].encodings
    lr = chunks["lr"].statistics
    assert (lr.min, lr.max, chunks["momentum"].statistics.null_count) == (0.1, 1.0, 0)
    path = tmp_path / "runs.parquet" / "part-000000.parquet"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"completed", b"complete?", 1))
    with pytest.raises(OSError, match="CRC checksum verification failed"):
        pq.read_table(path, page_checksum_verification=True)


def test_a_filter_on_one_configuration_skips_the_row_groups_of_others(tmp_path: Path) -> None:
    """Runs that train together are stored together: here four at each of three learning rates."""
    numbers = sorted(range(12), key=lambda number: number % 3)
    stored(tmp_path, [made(number, epochs=ROW_GROUP) for number in numbers])
    metrics = ds.dataset(tmp_path / "metrics.parquet")
    assert sum(fragment.num_row_groups for fragment in metrics.get_fragments()) == 12
    wanted = (ds.field("lr") == 0.1) & (ds.field("optimizer") == "sgd")
    read = [g for f in metrics.get_fragments(wanted) for g in f.split_by_row_group(wanted)]
    assert len(read) == 4
    assert metrics.count_rows(filter=wanted) == 4 * ROW_GROUP


def test_a_row_of_metrics_takes_at_most_five_bytes_in_float32(tmp_path: Path) -> None:
    """The curves are decays with noise in the last bits, like trained networks' curves."""
    runs = [_trained(number) for number in range(20)]
    folder = stored(tmp_path, runs)
    size = sum(path.stat().st_size for path in (folder / "metrics.parquet").iterdir())
    assert size / (20 * 5000) < 5


def _trained(number: int) -> Made:
    """Return 5,000 epochs of gradient descent on the squares of 20 numbers, in float32."""
    rng = np.random.default_rng(number)
    run = made(number, epochs=5000)
    x = rng.standard_normal(20).astype(np.float32)
    rates = np.logspace(-5, -2, 20).astype(np.float32)
    loss, norm = np.empty((2, 5000), dtype=np.float32)
    for epoch in range(5000):
        norm[epoch] = np.linalg.norm(x)
        x -= rates * x
        loss[epoch] = np.mean(x * x)
    own = {"train_loss": loss, "gradient_norm": norm}
    return Made(run.row, {**run.metrics, **own}, run.predictions)


@pytest.mark.parametrize("name", ["trials", "hypotheses"])
def test_a_table_without_rows_has_its_columns_all_the_same(tmp_path: Path, name: str) -> None:
    write_table([], tmp_path / f"{name}.parquet")
    schema = pq.read_schema(tmp_path / f"{name}.parquet")
    assert schema.equals(arrow_schema(name, "float64"), check_metadata=True)
