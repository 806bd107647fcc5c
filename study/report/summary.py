"""The paragraph on top: what was studied, what was found, how sure that is, what went wrong."""

from study.report.tables import Tables


def summary(tables: Tables) -> list[str]:
    """Return the page's first sentences, each of a table."""
    return []
