"""`study help`: the help of the command line, or of one command."""

import click
from click.shell_completion import CompletionItem

from study.arguments import GOOD, say


def _commands(ctx: click.Context) -> click.Group:
    """Return the group that the command belongs to."""
    group = ctx.find_root().command
    assert isinstance(group, click.Group)  # noqa: S101  # `study` is one
    return group


def _names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the names of commands for a shell."""
    names = _commands(ctx).list_commands(ctx)
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command("help")
@click.argument("command", required=False, shell_complete=_names)
@click.pass_context
def show_help(ctx: click.Context, command: str | None) -> int:
    """Show the help of a command, or of all.

    \b
    Examples:
      study help
      study help run
    """  # noqa: D301
    root = ctx.find_root()
    if command is None:
        say(root.get_help())
        return GOOD
    name, other, _ = _commands(ctx).resolve_command(root, [command])
    if other is not None:
        with click.Context(other, parent=root, info_name=name) as own:
            say(other.get_help(own))
    return GOOD
