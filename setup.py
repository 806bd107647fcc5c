"""Has the example pipelines travel with the package; all else of it stands in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

EXAMPLES = sorted(map(str, Path("pipelines").iterdir()))
"""They stand in one place, beside the package: `study init` finds them there, or inside of it."""


class BuildWithExamples(build_py):
    """Builds the package with a folder study/pipelines, unless it is used where it stands."""

    def run(self) -> None:
        """Build the package, then copy the examples into it."""
        super().run()
        if not self.editable_mode:
            folder = Path(self.build_lib) / "study" / "pipelines"
            self.mkpath(str(folder))
            for path in EXAMPLES:
                self.copy_file(path, str(folder))

    def get_source_files(self) -> list[str]:
        """Return what a source distribution is to hold."""
        return [*super().get_source_files(), *EXAMPLES]


setup(cmdclass={"build_py": BuildWithExamples})
