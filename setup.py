from pathlib import Path
from runpy import run_path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
CATALOGUES = ("relmap/languages", "plugins/translations")


def under(name: str, folder: str) -> list[str]:
    return [name, *(f"{name}.{package}" for package in find_packages(folder))]


class BuildWithCatalogues(build_py):
    """The build, which makes the .mo files of the catalogues first."""

    def run(self) -> None:
        compiler = run_path(str(HERE / "relmap/languages/compiler.py"))
        compiler["compile_all"](HERE / folder for folder in CATALOGUES)
        super().run()


setup(
    cmdclass={"build_py": BuildWithCatalogues},
    packages=[
        *under("relmap", "relmap"),
        *under("relmap_plugins", "plugins"),
        *under("relmap_migrations", "migrations"),
    ],
)
