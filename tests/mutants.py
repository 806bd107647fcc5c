"""`make mutants`: small changes of the code that its tests should notice.

    python -m tests.mutants [--sample N] [--seed N] [FILE …]

A mutant is one small change of one source file: another comparison, another operator, a number one
off, a `not` or a call left out, None returned. It is killed when a test of its own room fails, or
none ends. One that survives is printed: kill it by a better test, or know why it is none (the same
result by another way, speed alone, the words of an error).
"""

import argparse
import ast
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, as_completed
from concurrent.futures import TimeoutError as NeverEndsError
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from pebble import ProcessExpired, ProcessPool

ROOT = Path(__file__).parents[1]
ROOMS = ("nn_core", "study/store", "study/plan", "study/stats")
PRELOADED = [
    "hypothesis", "numpy", "pandas", "pyarrow.dataset", "pydantic", "pytest", "scipy.stats",
    "unittest.mock",
]  # fmt: skip
"""Imported once, before the processes of the mutants begin; nothing of what is mutated."""
PROCESSES = 2
TIMEOUT = 300
"""Seconds after which a mutant is thought never to end."""

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.And: ast.Or, ast.Or: ast.And, ast.USub: ast.UAdd,
}  # fmt: skip
NAMES = {
    "add": "subtract", "subtract": "add", "multiply": "divide", "divide": "multiply",
    "minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min", "any": "all",
    "all": "any",
}  # fmt: skip
"""Functions and methods that are operators by name."""
SKIPPED = {"annotation", "returns", "decorator_list"}
"""The fields of a syntax tree that do not affect any result."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file: the how-manieth it is, and where and what."""

    file: str
    number: int
    line: int
    change: str

    def __str__(self) -> str:
        """Return what is printed of a survivor."""
        return f"{self.file}:{self.line}  {self.change}"


def changed(file: str) -> Iterator[tuple[Mutant, ast.Module]]:
    """Yield every mutant of a file, with the file's tree as it is until the next one."""
    tree, number = ast.parse((ROOT / file).read_text(encoding="utf-8")), count()
    for whole, field, at, old in list(_places(tree)):
        for new in _instead(old, whole):
            line = getattr(old, "lineno", getattr(whole, "lineno", 0))
            _put(whole, field, at, ast.copy_location(new, old))
            yield Mutant(file, next(number), line, f"{_text(old)} → {_text(new)}"), tree
            _put(whole, field, at, old)


def source(mutant: Mutant) -> str:
    """Return the text of a mutant's file."""
    return next(ast.unparse(tree) for other, tree in changed(mutant.file) if other == mutant)


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield each part of the code below a node, with what it is a part of and where there."""
    for field, value in ast.iter_fields(node):
        if field not in SKIPPED:
            many = isinstance(value, list)
            for at, part in enumerate(value if many else [value]):
                if isinstance(part, ast.AST):
                    yield node, field, at if many else None, part
                    yield from _places(part)


def _put(node: ast.AST, field: str, at: int | None, part: ast.AST) -> None:
    if at is None:
        setattr(node, field, part)
    else:
        getattr(node, field)[at] = part


def _instead(part: ast.AST, whole: ast.AST) -> Iterator[ast.AST]:
    """Yield the replacements of a part of the code."""
    called = isinstance(whole, ast.Call) and part is whole.func
    match part:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Attribute(attr=name) if called and name in NAMES:
            yield ast.Attribute(part.value, NAMES[name], part.ctx)
        case ast.Name(id=name) if called and name in NAMES:
            yield ast.Name(NAMES[name], part.ctx)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case _ if type(part) in SWAPS:
            yield SWAPS[type(part)]()


def _text(part: ast.AST) -> str:
    words = ast.unparse(part) if isinstance(part, ast.expr | ast.stmt) else type(part).__name__
    return " ".join(words.split())


@cache
def noticing(file: str) -> tuple[str, ...]:
    """Return the tests of a file's room that reach it, its own and direct importers first.

    For the network these are all tests of its room, since each imports all of it.
    """
    room, name = str(Path(file).parent), Path(file).stem
    tests = sorted((ROOT / "tests" / Path(room).name).glob("test_*.py"))
    near, far = _reaching(file)
    first = [test for test in tests if test.stem == f"test_{name}" or _imports(test) & near]
    rest = [test for test in tests if room == "nn_core" or _helped(test) & far]
    return tuple(dict.fromkeys(test.relative_to(ROOT).as_posix() for test in [*first, *rest]))


def _reaching(file: str) -> tuple[set[str], set[str]]:
    """Return the module of a file, and all modules of its room that import it, however far."""
    near = {file.removesuffix(".py").replace("/", ".")}
    modules = {p.stem: _imports(p) for p in (ROOT / file).parent.glob("*.py")}
    room = str(Path(file).parent).replace("/", ".")
    far = set(near)
    while more := {f"{room}.{m}" for m, named in modules.items() if named & far} - far:
        far |= more
    return near, far


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return the names of all modules that a file may import."""
    collected = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            collected |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    return frozenset(collected)


def _helped(test: Path) -> set[str]:
    """Return the names of all modules that a test may import, by its helpers too."""
    result = {*_imports(test)}
    helpers = [
        ROOT / f"{name.replace('.', '/')}.py" for name in result if name.startswith("tests.")
    ]
    return result.union(*(_helped(helper) for helper in helpers if helper.exists()))


def failure(tests: Iterable[str], mutant: Mutant | None = None) -> str:
    """Run tests in a copy of the project, changed by a mutant; return what the first to fail says.

    Nothing where all pass. Files of the code are for their doctests, and come after tests. Leaves
    the process as it is then: it is used once.
    """
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        left = shutil.ignore_patterns(".*", "docs", "*.egg-info")
        copy = shutil.copytree(ROOT, Path(folder) / "project", ignore=left)
        if mutant:
            (copy / mutant.file).write_text(source(mutant), encoding="utf-8")
        os.chdir(copy)
        sys.path.insert(0, str(copy))  # before the project that is installed
        os.environ["PYTHONPATH"] = str(copy)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # hypothesis is imported already
        with (copy / "output").open("w") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        first, *rest = tests  # which mostly fails, before the others are even collected
        asked = ([first], rest) if rest else ([first],)
        codes = (pytest.main(["-qx", "-p", "no:cacheprovider", *some]) for some in asked)
        failed = any(code not in _PASSED for code in codes)
        os.chdir("/")
        return (copy / "output").read_text(encoding="utf-8") if failed else ""


_PASSED = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}  # a file without doctests


def processes() -> ProcessPool:
    """Return processes that know the large libraries, and end after one mutant each."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return ProcessPool(PROCESSES, max_tasks=1, context=context)


def run(sample: list[Mutant], pool: ProcessPool) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant as its tests end, and whether it was killed."""
    futures: dict[Future[str], Mutant] = {
        pool.schedule(failure, [[*noticing(m.file), m.file], m], timeout=TIMEOUT): m for m in sample
    }
    for future in as_completed(futures):
        try:
            killed = future.result() != ""
        except (NeverEndsError, ProcessExpired):
            killed = True
        yield futures[future], killed


def main() -> int:
    """Try a sample of the mutants; print the survivors, and the number killed in each room."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="so many; all without it")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("files", nargs="*", help="of these files alone")
    given = parser.parse_args()
    files = given.files or [
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in sorted((ROOT / room).glob("*.py"))
    ]
    every = [mutant for file in files for mutant, _ in changed(file)]
    sample = random.Random(given.seed).sample(every, min(given.sample, len(every)))  # noqa: S311
    write = sys.stdout.write
    write(f"{len(sample)} of {len(every)} mutants, seed {given.seed}\n")
    named = sorted({mutant.file for mutant in sample})
    tests = sorted({test for file in named for test in noticing(file)})
    with processes() as pool:
        if failures := pool.schedule(failure, [[*tests, *named]]).result():
            write(f"{failures}\nThe tests fail without a mutant.\n")
            return 1
        ended: Counter[tuple[str, bool]] = Counter()
        for mutant, killed in run(sample, pool):
            ended[str(Path(mutant.file).parent), killed] += 1
            write("" if killed else f"{ended.total():>5} survived: {mutant}\n")
            sys.stdout.flush()
    for room in sorted({room for room, _ in ended}):
        dead, left = ended[room, True], ended[room, False]
        write(f"{room:<16} {dead + left:>4} mutants, {dead:>4} killed, {left:>4} survived\n")
    return 0


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.exit(main())
