"""`study schema`: the JSON Schema of pipeline files."""

import click

from study.arguments import GOOD


@click.command()
def schema() -> int:
    """Print the JSON Schema of pipeline files, for editors.

    \b
    Examples:
      study schema > schema.json
    """  # noqa: D301
    from study.spec.schema import schema as text

    click.echo(text(), nl=False)
    return GOOD
