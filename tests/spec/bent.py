"""Bent pipeline files: valid ones of every kind, changes of their lines, and full ones."""

import json
import re

from hypothesis import strategies as st

from study.spec.toml import LONGEST

VALID = (
    """
name = "x"
title = "A title"
[datasets.a]
generator = "linear"
samples = 20
test_fraction = 0.2
[datasets.b]
generator = "moons"
test_fraction = 0.5
[model]
output_activation = "same"
[training]
epochs = 10
[search]
repetitions = 2
[search.objective]
metric = "final_test_loss"
[search.parameters]
lr = [0.01, 0.1]
hidden = [[4], [6, 3]]
activation = ["tanh", "none"]
optimizer = ["sgd", "adam"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}
[[search.exclude]]
where = {optimizer = "adam", lr = 0.1}
reason = "too fast"
[[hypotheses]]
id = "a"
claim = "b"
datasets = ["a"]
compare = {parameter = "activation", value = "tanh", with = "none"}
metric = "final_train_loss"
expect = "lower"
""",
    """
name = "y"
[datasets.a]
generator = "xor"
[search]
method = "tpe"
trials = 20
batch = 4
confirm = 2
compare_with = "random"
[search.pruner]
method = "successive_halving"
rungs = [10, 100]
factor = 3
[search.parameters]
lr = {low = 1e-4, high = 1.0, log = true}
hidden = {layers = [1, 2], width = {low = 4, high = 64}}
batch_size = {low = 4, high = 16, step = 4}
[[search.include]]
lr = 0.01
[execution]
workers = 2
timeout = 9.5
""",
    """
name = "z"
[datasets.own]
generator = "csv"
path = "own.csv"
features = ["p", "q"]
target = "r"
test_fraction = 0.5
[search.parameters]
lr = [0.1]
""",
)

NUMBERS = [
    "0",
    "-1",
    "1e308",
    "-1e-308",
    "9" * 30,
    "9" * 5000,
    "nan",
    "-inf",
    "0x7fffffff",
    "1e-400",
]
WORDS = [
    '""', '"../../etc/x"', '"a/b"', '"CON"', '"\\u0000"', '"\\u0007\\u001b[31m"',
    '"\\u202e\\u0301😀"', f'"{500 * "x"}"', "true", "1979-05-27", "[]", "{}", "[[[]]]",
    "[" * 60 + "]" * 60, "{a = {b = {c = {}}}}", '"/dev/zero"', '"."', '"nan"',
]  # fmt: skip
KEYS = ["name", "lr", "when", "path", "choices", '"../x"', '"\\u0000"', '""', "a.b.c", "__class__"]
values = st.sampled_from(NUMBERS + WORDS) | st.text(max_size=9).map(json.dumps)
places = st.integers(0, 10_000)


def bent(text: str, bends: list[tuple[str, int, str, str]]) -> str:
    """Return a text with some of its lines bent."""
    lines = text.splitlines()
    for how, place, value, key in bends:
        i = place % len(lines)
        match how:
            case "value":
                lines[i] = f"{lines[i].partition('=')[0]} = {value}"
            case "item":
                lines[i] = re.sub(r"[\w.\"-]+(?=[,\]}]|$)", lambda _: value, lines[i], count=1)  # noqa: B023
            case "key":
                lines[i] = f"{key} = {lines[i].partition('=')[2] or value}"
            case "table":
                lines.insert(i, f"[{key}]")
            case "twice":
                lines.insert(i, lines[place // 7 % len(lines)])
            case "gone":
                lines[i] = ""
            case "many":
                lines[i] = f"{lines[i].partition('=')[0]} = [{', '.join([value] * 300)}]"
            case "sign":
                cut = place % (len(lines[i]) + 1)
                lines[i] = f"{lines[i][:cut]}{chr(place % 0x250)}{lines[i][cut:]}"
    return "\n".join(lines)


ways = st.sampled_from(["value", "item", "key", "table", "twice", "gone", "many", "sign"])
bends = st.lists(st.tuples(ways, places, values, st.sampled_from(KEYS)), min_size=1, max_size=4)


FULL = LONGEST - 300
HEAD = 'name = "x"\n[datasets.a]\ngenerator = "xor"\n'


def filled(piece: str, join: str = "") -> str:
    """Return as many different pieces as a file may hold; {i} numbers them."""
    count = FULL // (len(piece.format(i=99_999)) + len(join))
    return join.join(piece.format(i=i) for i in range(1, count))


FULL_FILES: dict[str, str] = {
    "a list": f"{HEAD}[search.parameters]\nlr = [{filled('0.{i}1', ', ')}]",
    "shapes": f"{HEAD}[search.parameters]\nhidden = [{filled('[{i}]', ', ')}]",
    "keys": HEAD + filled("k{i} = 1\n"),
    "datasets": 'name = "x"\n' + filled('[datasets.d{i}]\ngenerator = "xor"\n'),
    "exclusions": f"{HEAD}[search.parameters]\nlr = [0.1, 0.2]\n"
    + filled('[[search.exclude]]\nwhere = {{lr = 0.1}}\nreason = "{i}"\n'),
    "hypotheses": HEAD
    + filled(
        '[[hypotheses]]\nid = "{i}"\nclaim = "c"\nmetric = "epochs"\nexpect = {{at_most = 1.0}}\n'
    ),
    "a dotted key": HEAD + ".".join(["a"] * (FULL // 2)) + " = 1",
    "a dotted table": f"{HEAD}[{'. '.join(['a'] * (FULL // 3))}]",
    "brackets": f"{HEAD}[model]\nhidden = {'[' * FULL}",
    "braces": f"{HEAD}[model]\nhidden = {'{a=' * (FULL // 3)}",
    "a name": f'name = "{"x" * FULL}"',
    "a number": f"{HEAD}[training]\nepochs = {'9' * FULL}",
    "a comment": f"{HEAD}#{'-.' * (FULL // 2)}",
    "dots in a text": f'{HEAD}[model]\nloss = "{"a " * (FULL // 2)}"',
}
