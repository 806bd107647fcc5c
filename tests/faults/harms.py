"""Ways to harm a file of a results folder: cut it, retype it, replace it, rewrite it."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from study.store.files import write_parquet

Harm: TypeAlias = Callable[[Path], None]

PARTS = [f"{table}.parquet/part-00000{i}.parquet" for table in ("metrics", "predictions", "runs")
         for i in range(2)]  # fmt: skip
WHOLE = ["trials.parquet", "hypotheses.parquet", "certificate.parquet", "tables/size.parquet"]
TEXTS = ["pipeline.toml", "provenance.json", "report.html", "data/own.csv", "figures.cache",
         "finished.cache", "report.cache"]  # fmt: skip
LOCKS = ["study.lock", "report.lock"]
FOLDERS = ["metrics.parquet", "predictions.parquet", "runs.parquet", "tables", "data", "incoming",
           "damaged"]  # fmt: skip


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x80
    path.write_bytes(content)


def _other(path: Path) -> None:
    path.write_text("something else\n")


def _no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" + path.read_bytes())


def _gone(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _replaced(by: Callable[[Path, Path], object]) -> Harm:
    """Return a harm that moves the entry out of the study and replaces it."""

    def harm(path: Path) -> None:
        study = next(parent for parent in path.parents if parent.name == "results").parent
        elsewhere = study / "elsewhere" / path.name
        elsewhere.parent.mkdir()
        if path.exists():
            path.rename(elsewhere)
        elif path.name in FOLDERS:
            elsewhere.mkdir()
            (elsewhere / "precious").write_text("mine")
        else:
            elsewhere.write_text("mine")
        path.parent.mkdir(exist_ok=True)
        by(path, elsewhere)

    return harm


KINDS: Mapping[str, Harm] = {
    "a folder": _replaced(lambda path, _: path.mkdir()),
    "a full folder": _replaced(lambda path, elsewhere: shutil.copytree(elsewhere.parent, path)),
    "a file": _replaced(lambda path, _: path.write_text("mine")),
    "a pipe": _replaced(lambda path, _: os.mkfifo(path)),
    "a link": _replaced(lambda path, elsewhere: path.symlink_to(elsewhere)),
    "a link to nothing": _replaced(lambda path, _: path.symlink_to("nothing")),
    "a link to itself": _replaced(lambda path, _: path.symlink_to(path.name)),
}


def _of_a_file(harm: Harm) -> Harm:
    """Return a harm that creates the file first: not every study has a journal."""

    def harmed(path: Path) -> None:
        if not path.exists():
            path.write_text("mine")
        harm(path)

    return harmed


BYTES: Mapping[str, Harm] = {
    "cut": _cut, "zero": _zero, "empty": _empty, "flipped": _flip, "other": _other,
    "no text": _no_text, "gone": _gone,
}  # fmt: skip


def _written(change: Callable[[pa.Table], pa.Table], *, signed: bool) -> Harm:
    """Return a harm that writes a table again, changed, and with a right checksum if `signed`."""

    def harm(path: Path) -> None:
        table = change(pq.read_table(path))
        if signed:
            with path.open("wb") as file:
                write_parquet(table, file)
        else:
            pq.write_table(table, path)

    return harm


def _as_text(table: pa.Table) -> pa.Table:
    """Turn the first column of numbers into text."""
    i = next(i for i, f in enumerate(table.schema) if pa.types.is_integer(f.type)
             or pa.types.is_floating(f.type) or pa.types.is_dictionary(f.type))  # fmt: skip
    return table.set_column(i, table.schema.names[i], table.column(i).cast(pa.string()))


TABLES: Mapping[str, Callable[[pa.Table], pa.Table]] = {
    "same": lambda table: table,
    "no row": lambda table: table.slice(0, 0),
    "one row less": lambda table: table.slice(1),
    "twice": lambda table: pa.concat_tables([table, table]),
    "a column less": lambda table: table.remove_column(0),
    "a column more": lambda table: table.append_column("more", pa.nulls(len(table), pa.int32())),
    "as text": _as_text,
    "in pandas": lambda table: pa.Table.from_pandas(table.to_pandas()),
}
REWRITTEN = {f"{name}, {'signed' if signed else 'unsigned'}": _written(change, signed=signed)
             for name, change in TABLES.items() for signed in (False, True)}  # fmt: skip


def _json(change: Callable[[dict[str, Any]], object]) -> Harm:
    def harm(path: Path) -> None:
        document = json.loads(path.read_text())
        changed = change(document)
        path.write_text(json.dumps(document if changed is None else changed))

    return harm


def _text(text: str) -> Harm:
    def harm(path: Path) -> None:
        path.write_text(text)

    return harm


JSON: Mapping[str, Harm] = {
    "a list": _json(lambda d: [d]),
    "null": _text("null"),
    "deep": _text("[" * 100_000),
    "a long number": _text("1" * 10_000),
    "a lone surrogate": _json(lambda d: d.update(notes=["\ud800"])),
    "a finish that is no time": _json(lambda d: d.update(finished="yesterday")),
    "a finish without a zone": _json(lambda d: d.update(finished="2030-01-01")),
    "earlier executions that are none": _json(lambda d: d.update(earlier=[1])),
    "earlier executions lost": _json(lambda d: d.pop("earlier") and None),
    **{f"{key} is {value!r}": _json(lambda d, k=key, v=value: d.update({k: v}))  # type: ignore[misc]
       for key in ("command", "started", "finished", "notes", "fingerprint", "versions", "earlier")
       for value in (5, {"a": 1})},
}  # fmt: skip


def _edited(old: str, new: str) -> Harm:
    def harm(path: Path) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return harm


TOML: Mapping[str, Harm] = {
    "other epochs": _edited("epochs = ", "epochs = 1"),
    "another seed": _edited("[search]", "[search]\nseed = 7"),
    "other data": _edited('"price"', '"rooms"'),
    "a title": _edited('name = "small"', 'name = "small"\ntitle = "Other"'),
    "a wrong key": _edited("epochs = ", "epoch = "),
}


def _copied(name: str, *tables: str) -> Harm:
    """Return a harm that copies the first part of some tables under another name."""

    def harm(results: Path) -> None:
        for table in tables:
            folder = results / f"{table}.parquet"
            shutil.copy(folder / "part-000000.parquet", folder / name)

    return harm


def _swapped(table: str) -> Harm:
    """Return a harm that gives each of two parts the other one's file of a table."""

    def harm(results: Path) -> None:
        one, two = (results / f"{table}.parquet" / f"part-00000{i}.parquet" for i in range(2))
        content = one.read_bytes()
        two.replace(one)
        two.write_bytes(content)

    return harm


def _of_another_table(results: Path) -> None:
    shutil.copy(results / "trials.parquet", results / "certificate.parquet")


ALL = ("metrics", "predictions", "runs")
STUDY: Mapping[str, Harm] = {
    **{f"{name} in {', '.join(tables)}": _copied(name, *tables)
       for name in ("part-000000 (1).parquet", "part-000077.parquet", "._part-000000.parquet")
       for tables in (ALL, *((table,) for table in ALL))},
    **{f"{table} swapped": _swapped(table) for table in ALL},
    "a table under the name of another": _of_another_table,
}  # fmt: skip

UNSEEN = {f"{part}: {how}, signed" for part in PARTS if part.startswith("predictions")
          for how in ("one row less", "twice")}  # fmt: skip
"""Changes that only a second training can find."""

CASES: Mapping[str, tuple[str, Harm]] = {
    f"{name}: {how}": (name, harm)
    for names, harms in (
        (PARTS, {**BYTES, **KINDS, **REWRITTEN}),
        (WHOLE, {**BYTES, **KINDS, **REWRITTEN}),
        (TEXTS, {**BYTES, **KINDS}),
        (["optuna.journal"], {**{how: _of_a_file(harm) for how, harm in BYTES.items()}, **KINDS}),
        (LOCKS, KINDS),
        (FOLDERS, {"gone": _gone, **KINDS}),
        (["provenance.json"], JSON),
        (["pipeline.toml"], TOML),
        ([""], STUDY),
    )
    for name in names
    for how, harm in harms.items()
    if f"{name}: {how}" not in UNSEEN
}
