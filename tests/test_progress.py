"""The output on the terminal: plain lines, JSON, a live line, or nothing."""

import io
import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from study.event_lines import lines_of
from study.execution.events import Drawing, Event, Extended, Finished, Noted, StackDone, Started
from study.progress import EARLY, Json, Lines, Live, Quiet, Tally, display, event_json

STARTED = Started(Path("results/small"), runs=96, stored=32, workers=2, work=240.0)
DONE = StackDone("xor", runs=24, diverged=3, pruned=0, failed=0, best=0.0123, work=60.0)
FAILED = StackDone("xor", 40, 0, 0, 40, float("inf"), 180.0, reason="MemoryError: too large")
FINISHED = Finished(Path("results/small"), 96, 64, 3, 0, 40, 120.0, 100.0, 2)
CERTIFIED = replace(FINISHED, trained=0, certified=8, unlike=1, certify_seconds=30.0)
EVENTS: list[Event] = [Noted("one part was repaired"), STARTED, DONE, FAILED, FINISHED]


class Clock:
    """A clock that shows the time it was set to."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time it was set to."""
        return self.now


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (Noted("one part was repaired"), ["note: one part was repaired"]),
        (STARTED, ["training 64 runs (32 are stored already) with 2 workers, about 2 min 0 s"]),
        (
            Started(Path("r"), 1600, 0, 1, 100.0),
            ["training 1,600 runs with 1 worker, about 1 min 40 s"],
        ),
        (
            Started(Path("r"), 1600, 1600, 2, 0.0),
            ["all 1,600 runs are stored already: nothing to train"],
        ),
        (DONE, []),
        (FAILED, ["40 runs on xor failed: MemoryError: too large"]),
        (FINISHED, ["train:   64 runs in 2 min 0 s"]),
        (
            CERTIFIED,
            [
                "certify: 7 of 8 runs, trained again, are bit-identical, in 30 s",
            ],
        ),
    ],
)
def test_every_event_has_its_text(event: Event, lines: list[str]) -> None:
    assert lines_of(event) == lines


def test_work_that_nobody_expected_has_no_time_left() -> None:
    tally = Tally(Clock())
    tally.add(Started(Path("r"), 96, 96, 2, 0.0))
    tally.add(DONE)
    assert tally.left is None


def test_the_tally_counts_and_estimates_the_remaining_time() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.add(STARTED)
    assert tally.sentence == "32 of 96 runs"
    clock.now = 30.0
    tally.add(DONE)
    assert (
        tally.sentence
        == "56 of 96 runs, 3 diverged, 1 min 30 s left; best final_train_loss of a run: xor 0.012"
    )
    tally.add(FAILED)
    assert (
        tally.sentence
        == "96 of 96 runs, 3 diverged, 40 failed; best final_train_loss of a run: xor 0.012"
    )


def test_the_rest_of_a_resumed_study_takes_as_long_as_its_stored_runs_did() -> None:
    """Stored runs took 4 times as long as estimated: 240 s is 60 s by the estimate of its stacks.

    Half of them in 60 s of 2 workers leaves 60 s; runs that hypotheses add, as many, another 120 s.
    """
    tally = Tally(clock := Clock())
    tally.add(Started(Path("r"), runs=96, stored=32, workers=2, work=240.0, correction=4.0))
    clock.now = 60.0
    tally.add(StackDone("xor", 32, 0, 0, 0, 0.5, work=30.0))
    assert tally.left == pytest.approx(60.0)
    tally.add(Extended(1, 4, runs=64, work=60.0))
    assert tally.left == pytest.approx(3 * (60 + EARLY) / (1 + EARLY / 30))
    tally.add(StackDone("xor", 96, 0, 0, 0, 0.5, work=90.0))
    assert tally.left == 0.0


def test_plain_lines_hold_no_escape_codes_and_end_with_the_count() -> None:
    stream = io.StringIO()
    lines = Lines(stream)
    for event in EVENTS:
        lines.show(event)
    lines.close()
    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().splitlines()[-2].startswith("96 of 96 runs")


def test_json_is_one_object_a_line_without_infinities() -> None:
    stream = io.StringIO()
    shown = Json(stream)
    for event in EVENTS:
        shown.show(event)
    objects = [
        json.loads(line, parse_constant=pytest.fail) for line in stream.getvalue().splitlines()
    ]
    kinds = [o["event"] for o in objects]
    assert kinds == ["noted", "started", "stack_done", "stack_done", "finished"]
    assert objects[3]["best"] is None
    assert objects[1]["folder"] == "results/small"


def test_the_live_line_writes_notes_and_failures_above_itself() -> None:
    stream = io.StringIO()
    live = Live(Console(file=stream, force_terminal=True, width=120))
    for event in EVENTS:
        live.show(event)
    live.close()
    assert "note: one part was repaired" in stream.getvalue()
    assert "40 runs on xor failed: MemoryError: too large" in stream.getvalue()


def test_colour_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What moves the line stays; a code that ends in m would colour it (https://no-color.org)."""
    shown = {}
    monkeypatch.setenv("TERM", "xterm")  # a dumb one has no colours at all
    for wanted in ("", "1"):
        monkeypatch.setenv("NO_COLOR", wanted)
        stream = io.StringIO()
        live = Live(Console(file=stream, force_terminal=True, width=120, color_system="standard"))
        for event in EVENTS:
            live.show(event)
        live.close()
        shown[wanted] = re.findall(r"\x1b\[[\d;]*3\dm", stream.getvalue())
    assert shown[""]
    assert shown["1"] == []


def test_a_terminal_that_cannot_move_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(display(Terminal(), quiet=False, as_json=False), Lines)
    monkeypatch.setenv("TERM", "xterm")
    live = display(Terminal(), quiet=False, as_json=False)
    assert isinstance(live, Live)
    live.close()


def test_the_display_suits_the_stream() -> None:
    stream = io.StringIO()
    assert isinstance(display(stream, quiet=False, as_json=False), Lines)
    assert isinstance(display(stream, quiet=True, as_json=False), Quiet)
    assert isinstance(display(stream, quiet=False, as_json=True), Json)
    Quiet().show(STARTED)
    assert stream.getvalue() == ""


def test_a_report_that_is_being_drawn_shows_its_progress() -> None:
    stages = [Drawing(0, 0), Drawing(0, 18), Drawing(17, 18)]
    stream = io.StringIO()
    lines = Lines(stream)
    for stage in stages:
        lines.show(stage)
    assert stream.getvalue() == "drawing the report\n", "one line without a terminal"
    live = Live(console := Console(file=(shown := io.StringIO()), force_terminal=True, width=80))
    for stage in stages:
        live.show(stage)
    live.close()
    assert console.is_terminal
    for words in ("drawing the report: reading the results", "0 of 18", "17 of 18 sections"):
        assert words in shown.getvalue()
    events = [json.loads(event_json(stage)) for stage in stages]
    assert events[-1] == {"event": "drawing", "done": 17, "total": 18}


class Gone(io.StringIO):
    """A terminal that was closed: each attempt to write to it fails."""

    closing = False

    def write(self, text: str) -> int:
        """Write, while there is somebody who reads."""
        if self.closing:
            raise OSError(5, "Input/output error")
        return super().write(text)


def test_a_live_line_survives_a_closed_terminal() -> None:
    threads = threading.active_count()
    live = Live(Console(file=(gone := Gone()), force_terminal=True))
    live.show(STARTED)
    assert threading.active_count() == threads, "nobody else writes to it"
    gone.closing = True
    live.close()


def test_a_note_is_neither_markup_nor_an_escape() -> None:
    noted = Noted("x\x1b[31m [red]r[/] :smile: {0} \u202e\nerror: fake")
    message = "note: x\\x1b[31m [red]r[/] :smile: {0} \\u202e\\nerror: fake"
    stream = io.StringIO()
    Lines(stream).show(noted)
    assert stream.getvalue() == f"{message}\n"
    live = Live(Console(file=(shown := io.StringIO()), force_terminal=True, width=120))
    live.show(noted)
    live.close()
    assert message in shown.getvalue()
    assert json.loads(event_json(noted))["sentence"] == noted.sentence
