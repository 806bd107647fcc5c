"""What `make calibration` found: docs/calibration.csv, and the docs' tables of it."""

import csv
from collections.abc import Mapping
from pathlib import Path

STORED = Path(__file__).parents[1] / "docs" / "calibration.csv"

TABLES: Mapping[str, str] = {
    "false verdicts": "False verdicts, where 5 % are allowed; each study is looked at after every "
    "repetition up to n",
    "under decide": "Studies with a false verdict, where 5 % are allowed: eight hypotheses that "
    "share their runs get blocks of five repetitions until each is decided or has 40",
    "power": "True claims that are supported",
    "the best is not tied": "Studies in which the truly best of several configurations is not tied "
    "with the best, where 5 % are allowed",
    "tied": "How many of 4 are tied on average if the best leads by 4 standard deviations",
    "matters": "Studies in which a parameter matters, where none does and 5 % are allowed",
    "warnings": "Studies with a warning, where nothing is to be warned of and 5 % are allowed",
    "missed": "Intervals that miss the truth: of an effect as often as printed, of a share at most "
    "5 %",
    "share": "Mean share of the variance in a grid that is noise alone",
}
"""Table → what it shows."""

Results = Mapping[tuple[str, str, str, int], tuple[int, float]]
"""What names a row → its rounds and its value."""


def stored() -> Results:
    """Return what `make calibration` last found."""
    with STORED.open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["name"], row["world"], int(row["n"])): (
                int(row["rounds"]), float(row["value"]),
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def tables(results: Results) -> str:
    """Return the tables of docs/statistics.md: of each name, the worst of its worlds."""
    parts = []
    for table, title in TABLES.items():
        own = {key[1:]: value for key, value in results.items() if key[0] == table}
        sizes = sorted({n for _, _, n in own})
        worlds = [*dict.fromkeys(world for _, world, _ in own)]
        least, most = (end(rounds for rounds, _ in own.values()) for end in (min, max))
        rounds = f"{least:,}" if least == most else f"{least:,} to {most:,}"
        among = f"; the worst of: {', '.join(worlds)}" if len(worlds) > 1 else ""
        lines = [
            f"{title} ({rounds} studies each{among}).\n",
            f"| {table} | n = {' | '.join(map(str, sizes))} |",
            f"|---|{'---|' * len(sizes)}",
        ]
        for name in dict.fromkeys(name for name, _, _ in own):
            cells = []
            for n in sizes:
                values = [v for (a, _, b), (_, v) in own.items() if (a, b) == (name, n)]
                cells.append(_cell(table, max(values)) if values else "")
            lines.append(f"| {name} | {' | '.join(cells)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _cell(table: str, value: float) -> str:
    return f"{value:.1f}" if table == "tied" else _percent(value)


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %".replace("-0.0", "0.0")
