"""The glossary of the docs: the report's terms, and terms that only files and commands use."""

from study.report.glossary import TERMS, Term

MORE = (
    Term(
        "agree", "A repetition agrees with a claim if its values differ in the claimed direction."
    ),
    Term(
        "certificate",
        "Eight runs that a study trains again at its end, to compare them bit for bit.",
    ),
    Term("hypothesis", "A claim in a pipeline file that the study tests."),
    Term("metric", "A number that is measured for each epoch or each run, such as a loss."),
    Term(
        "parameter",
        "A hyperparameter: a setting such as the learning rate, searched or fixed. The columns "
        "`parameters` count weights and biases.",
    ),
    Term(
        "part",
        "One file of a table such as `runs.parquet/`. A study adds parts while it runs and never "
        "changes them.",
    ),
    Term("pipeline", "The TOML file that declares a study."),
    Term("pruner", "The rule that stops trials early, at a rung."),
    Term("rung", "An epoch at which a pruner compares trials."),
    Term("sampler", "The method that proposes configurations, such as TPE."),
    Term("search space", "All values that the searched parameters may have."),
    Term("share", "Of the repetitions that are not ties, the part that agrees with the claim."),
    Term("stack", "Runs that are trained together, as arrays with one more axis."),
    Term("study", "One execution of a pipeline; its files are in `results/NAME/`."),
    Term("verdict", "The result of a hypothesis: supported, contradicted or undecided."),
)


def terms() -> str:
    """Return all terms as a Markdown table, in alphabetical order."""
    every = sorted((*TERMS, *MORE), key=lambda term: term.name.lower())
    rows = [f"| **{term.name}** | {term.meaning} |" for term in every]
    return "\n".join(["| term | meaning |", "|---|---|", *rows]) + "\n"
