from setuptools import find_packages, setup


def under(name: str, folder: str) -> list[str]:
    return [name, *(f"{name}.{package}" for package in find_packages(folder))]


setup(
    packages=[
        *under("relmap", "relmap"),
        *under("relmap_plugins", "plugins"),
        *under("relmap_migrations", "migrations"),
    ]
)
