"""The lines of pandas that fix a table: all errors in its columns at once."""

from collections.abc import Mapping

from study.datasets.faults import Fault
from study.datasets.tables import Table


def mended(faults: Mapping[str, Fault], target: str, table: Table) -> list[str]:
    """Return the lines to paste, if pandas can fix the errors of the named columns.

    One line drops rows with missing values, the other fills them; both drop rows without a
    target, which are of no use.
    """
    missing = {name: list(of.missing) for name, of in faults.items() if of.missing}
    steps = [of.step for of in faults.values() if of.step]
    if dummies := [name for name, of in faults.items() if of.dummies]:
        steps.append(f"t = pd.get_dummies(t, columns={dummies!a}, dtype=int)")
    if not missing:
        return [_paste("corrects the file", steps, table)] if steps else []
    more: dict[str, object] = {}
    if table.origin.reader == "read_csv":
        more["na_values"] = missing
    drop = f"t = t.dropna(subset={[*missing]!a})"
    pastes = [_paste("leaves out the rows without a value", [drop, *steps], table, **more)]
    fills = {name: of.fill for name, of in faults.items() if of.fill and name != target}
    if table.origin.reader != "read_csv":
        fills = {name: float(fill) for name, fill in fills.items()}  # type: ignore[misc]
    if fills:
        rest = [name for name in missing if name not in fills]
        drops = [f"t = t.dropna(subset={rest!a})"] if rest else []
        fill = f"t = t.fillna({fills!a})"
        pastes.append(_paste("fills in medians instead", [fill, *drops, *steps], table, **more))
    return pastes


def _paste(does: str, steps: list[str], table: Table, **more: object) -> str:
    origin = table.origin
    return f"this line {does}, in {origin.to.name}: {origin.line(steps, **more)}"
