"""Which configurations a claim compares, so that the explorer can show them."""

from collections.abc import Mapping, Sequence

from study.report.material import Material


def claimed(
    material: Material, settings: Mapping[str, Mapping[str, str | None]], base: str
) -> dict[str, list[str]]:
    """Return for each claim the configurations of its first two sides, as far as there are any.

    `settings` has the levels of each configuration. Of all that have a side's values it is the
    nearest one to the base setup, in which the fewest other parameters differ.
    """
    claims = {}
    for hypothesis in material.pipeline.hypotheses:
        sides = []
        for cell in hypothesis.cells[:2]:
            wanted = {
                name: material.texts[name].get(value, str(value))
                for name, value in cell.items()
                if name in settings[base]
            }
            if (side := _nearest(wanted, settings, base)) is not None:
                sides.append(side)
        if sides:
            claims[hypothesis.id] = list(dict.fromkeys(sides))
    return claims


def _nearest(
    wanted: Mapping[str, str], settings: Mapping[str, Mapping[str, str | None]], base: str
) -> str | None:
    """Return the configuration with these levels that differs the least from the base setup."""
    names: Sequence[str] = [
        name for name, own in settings.items() if all(own[n] == v for n, v in wanted.items())
    ]
    away = {
        name: sum(settings[name][n] != of for n, of in settings[base].items()) for name in names
    }
    return min(names, key=lambda name: away[name], default=None)
