"""The page docs/api.md: signatures and docstrings of the public names of study and nn_core."""

import ast
import importlib
import inspect
import itertools
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any, get_origin

PACKAGES = ("study", "nn_core")
WIDTH = 96
BLOCK = re.MULTILINE | re.DOTALL
INTRODUCTION = """# Python API

The public names of both packages. `study` runs pipelines and reads their results; `nn_core` is the
network, which [Back-propagation, read through nn_core](backpropagation.md) explains. `make docs`
writes this page from the docstrings, so `help(study.run)` shows the same text."""


def page() -> str:
    """Return the page's text: an index of each package, then a section for each name."""
    parts = [INTRODUCTION]
    for package in map(importlib.import_module, PACKAGES):
        entries = [(name, kind(package, name)) for name in public(package)]
        parts += [f"## {package.__name__}", markdown(inspect.getdoc(package) or "")]
        for heading in ("Functions", "Classes", "Exceptions", "Tables", "Types"):
            names = [name for name, group in entries if group == heading]
            if names:
                rows = [f"| [`{n}`](#{n.lower()}) | {first(package, n)} |" for n in names]
                parts.append("\n".join([f"| {heading.lower()} | |", "|---|---|", *rows]))
        parts += [section(package, name) for name, _ in entries]
    return "\n\n".join(parts) + "\n"


def public(package: ModuleType) -> list[str]:
    """Return the names of `__all__` that have a section: all but those such as __version__."""
    return sorted((n for n in package.__all__ if not n.startswith("__")), key=str.lower)


def kind(package: ModuleType, name: str) -> str:
    """Return the heading under which the index lists a name."""
    value = getattr(package, name)
    if inspect.isclass(value) and get_origin(value) is None:
        return "Exceptions" if issubclass(value, BaseException) else "Classes"
    if inspect.isfunction(value) or inspect.ismodule(value):
        return "Functions"
    return "Tables" if isinstance(value, dict) else "Types"


def section(package: ModuleType, name: str) -> str:
    """Return the section of one name."""
    value, parts = getattr(package, name), [f"### {name}"]
    match kind(package, name):
        case "Functions":
            parts += [call(name, value), markdown(described(package, name))]
        case "Tables":
            rows = [f"| `{key!r}` | `{of.__name__}` |" for key, of in value.items()]
            table = "\n".join(["| name | |", "|---|---|", *rows])
            parts += [markdown(described(package, name)), table]
        case "Types":
            parts += [definition(package, name), markdown(described(package, name))]
        case _:
            bases = [base.__name__ for base in value.__bases__ if base.__name__ in package.__all__]
            made = "" if _is_abstract(value) else call(name, value)
            parts += [made, markdown(described(package, name))]
            parts += [f"It has all that [`{base}`](#{base.lower()}) has." for base in bases]
            parts += [member(value, name, own) for own in members(package, value)]
    return "\n\n".join(part for part in parts if part)


def _is_abstract(value: type) -> bool:
    """Return whether a class is not made by its name: a protocol, or an exception to catch."""
    return getattr(value, "_is_protocol", False) or issubclass(value, BaseException)


def described(package: ModuleType, name: str) -> str:
    """Return the docstring of a function or class, or the text below the assignment of another."""
    if kind(package, name) in ("Tables", "Types"):
        text = assigned(package, name)[1]
        return inspect.cleandoc(str(text.value)) if isinstance(text, ast.Constant) else ""
    return inspect.getdoc(getattr(package, name)) or ""


def definition(package: ModuleType, name: str) -> str:
    """Return the value that is assigned to a type's name, in a block of code."""
    return f"```python\n{name} = {ast.unparse(assigned(package, name)[0])}\n```"


def assigned(package: ModuleType, name: str) -> tuple[ast.expr, ast.expr | None]:
    """Return the value that a module of the package assigns to a name, and the text below it."""
    for key, module in sys.modules.items():
        own = key.startswith(f"{package.__name__}.")
        if own and vars(module).get(name) is getattr(package, name):
            body = [*ast.parse(inspect.getsource(module)).body, ast.Pass()]
            for statement, below in itertools.pairwise(body):
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value):
                        if found == name:
                            return value, below.value if isinstance(below, ast.Expr) else None
    raise LookupError(name)


def first(package: ModuleType, name: str) -> str:
    """Return the first line of a description, for the index."""
    line = described(package, name).partition("\n")[0]
    return markdown(line).replace("|", "\\|")


def members(package: ModuleType, cls: type) -> Iterator[str]:
    """Yield the documented members that a class and its private bases define, in their order."""
    own = [
        base
        for base in cls.__mro__
        if base is cls
        or (base.__module__.startswith(PACKAGES) and base.__name__ not in package.__all__)
    ]
    names = dict.fromkeys(name for base in own for name in vars(base))
    for name in names:
        value = inspect.getattr_static(cls, name)
        shown = isinstance(value, (property, cached_property, classmethod, FunctionType))
        if shown and value.__doc__ and (name == "__call__" or not name.startswith("_")):
            yield name


def member(cls: type, owner: str, name: str) -> str:
    """Return what is shown of a method or a property."""
    value = inspect.getattr_static(cls, name)
    text = markdown(inspect.cleandoc(value.__doc__ or ""))
    if isinstance(value, (property, cached_property)):
        return f"**`{owner}.{name}`**\n\n{text}"
    function = value.__func__ if isinstance(value, classmethod) else value
    shown = owner.lower() if name == "__call__" else f"{owner}.{name}"
    return f"{call(shown, function)}\n\n{text}"


def call(name: str, value: Callable[..., Any]) -> str:
    """Return the signature as it is written in the source, in a block of code."""
    if isinstance(value, ModuleType):  # study.report is a module that can be called
        return call(name, type(value).__call__)
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    if isinstance(tree, ast.ClassDef):
        init = getattr(value, "__init__", None)
        if hasattr(value, "__dataclass_fields__") or hasattr(value, "model_fields"):
            arguments = list(_fields(tree))
        elif inspect.isfunction(init):
            return call(name, init)
        else:
            arguments = []
        returns = ""
    else:
        assert isinstance(tree, ast.FunctionDef)
        arguments = _arguments(tree.args)
        returns = "" if tree.name == "__init__" or not tree.returns else ast.unparse(tree.returns)
    end = f") -> {returns.strip(chr(39))}" if returns else ")"
    line = f"{name}({', '.join(arguments)}{end}"
    if len(line) > WIDTH:
        line = "\n    ".join([f"{name}(", *(f"{each}," for each in arguments)]) + f"\n{end}"
    return f"```python\n{line}\n```"


def _fields(tree: ast.ClassDef) -> Iterator[str]:
    """Yield the public fields of a dataclass or model; a default only where it is a plain value."""
    for field in tree.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            plain = not re.match(r"(?i)(\w+\.)?field\(", ast.unparse(field.value or field.target))
            default = f" = {ast.unparse(field.value)}" if field.value and plain else ""
            if not field.target.id.startswith("_"):
                yield f"{field.target.id}: {ast.unparse(field.annotation)}{default}"


def _arguments(arguments: ast.arguments) -> list[str]:
    """Return the arguments but `self`, each with its type and default."""
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + [*arguments.defaults]
    pairs = list(zip(positional, defaults, strict=True))
    parts = [_argument(a, d) for a, d in pairs if a.arg not in ("self", "cls")]
    if arguments.vararg and ast.unparse(arguments.vararg.annotation or ast.Pass()) != "Never":
        parts.append(f"*{_argument(arguments.vararg, None)}")
    elif arguments.kwonlyargs:
        parts.append("*")
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    parts += [_argument(a, d) for a, d in keywords]
    return parts + ([f"**{_argument(arguments.kwarg, None)}"] if arguments.kwarg else [])


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    typed = f": {ast.unparse(argument.annotation)}" if argument.annotation else ""
    equals = " = " if typed else "="
    return f"{argument.arg}{typed}{f'{equals}{ast.unparse(default)}' if default else ''}"


def markdown(text: str) -> str:
    r"""Return a docstring as Markdown: examples in blocks of code, numpydoc's lists as lists.

    >>> print(markdown("Parameters\n----------\nx : float\n    A number of (*stack, 2)."))
    **Parameters**
    <BLANKLINE>
    - `x : float`: A number of (\*stack, 2).
    """
    text = re.sub(r"(?<!`)\*(?=[^`\n]*(?:`[^`\n]*`[^`\n]*)*$)", r"\*", text, flags=re.MULTILINE)
    text = re.sub(r"^(\w+)\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", _items, text, flags=BLOCK)
    return re.sub(r"^(>>> .*?)(?=\n\n|\Z)", _example, text, flags=BLOCK)


def _example(match: re.Match[str]) -> str:
    code = match[1].replace(r"\*", "*")
    code = re.sub(r" *# doctest: [+\w, ]+$", "", code, flags=re.MULTILINE)
    return f"```pycon\n{code}\n```"


def _items(match: re.Match[str]) -> str:
    items = re.split(r"\n(?=\S)", match[2].strip())
    pairs = [item.partition("\n") for item in items]
    lines = [f"- `{name}`: {' '.join(below.split())}" for name, _, below in pairs]
    return "\n".join([f"**{match[1]}**", "", *lines])
