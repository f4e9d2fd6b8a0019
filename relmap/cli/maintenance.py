"""The database as a whole: set up, check, back up, restore, the sample book."""

from __future__ import annotations

from pathlib import Path

import click

from relmap.cli.options import json_option, today, with_app
from relmap.cli.printing import print_json, say
from relmap.cli.root import REFUSED
from relmap.contracts.signs import shown
from relmap.facts import users
from relmap.languages import _, tell
from relmap.maintenance import backup as backups
from relmap.maintenance import check as checks
from relmap.maintenance import sample as samples
from relmap.models import db, writing

__all__ = ["backup", "check", "init", "restore", "sample"]


@click.command()
@with_app
def init() -> None:
    """Bring the database to the newest schema; the first time, make the administrator."""
    from relmap.models.schema import upgrade  # alembic, which no other command needs

    upgrade()
    _keep_private()
    with writing():
        password = users.ensure_admin()
    say("The database is at the newest schema.")
    if password is not None:
        say("Log in as admin with this password, shown once, to be changed at once:")
        click.echo(f"    {password}")


def _keep_private() -> None:
    """Let nobody else on this machine read a SQLite book; its side files take the same mode."""
    file = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and file:
        Path(file).chmod(0o600)


@click.command()
@json_option
@with_app
def check(as_json: bool) -> None:
    """List facts that violate the rules of the services; status 1 if there are any."""
    found = checks.check_book()
    if as_json:
        print_json(
            [{"kind": row.kind, "ref": str(row.ref), "text": tell(row.message)} for row in found]
        )
    else:
        for row in found:
            click.echo(f"{row.ref}  {tell(row.message)}")
        done = _("Every fact is in order.")
        click.echo(_("{count} facts violate a rule.", count=len(found)) if found else done)
    if found:
        click.get_current_context().exit(REFUSED)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_app
def backup(file: Path) -> None:
    """Write the whole database to FILE while relmap runs."""
    backups.backup(file)
    say(
        "{file} holds the whole book. The secret key is not in it; keep it apart.",
        file=shown(str(file)),
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_app
def restore(file: Path) -> None:
    """Put the database back as FILE holds it; the present one is kept beside."""
    kept = backups.restore(file)
    if kept is None:
        say("Restored from {file}.", file=shown(str(file)))
    else:
        say(
            "Restored from {file}. What was there before is in {kept}.",
            file=shown(str(file)),
            kept=shown(str(kept)),
        )
    say("Its administrators: {names}.", names=", ".join(users.administrators()))


@click.command()
@click.option("--remove", is_flag=True, help="Take the sample book away whole.")
@click.option("--if-empty", is_flag=True, help="Only where there is no account yet.")
@with_app
def sample(remove: bool, if_empty: bool) -> None:
    """Ten invented customers to look around in."""
    if if_empty and not samples.book_is_empty():
        return
    with writing():
        if remove:
            added = samples.count_added_to_sample_book()
            gone = samples.remove_sample_book()
            text = _("{count} sample accounts are gone.", count=gone)
            if added:
                text = _(
                    "{count} sample accounts are gone. With them went {added} facts that people "
                    "had added to them.",
                    count=gone,
                    added=added,
                )
        else:
            text = _(
                "{count} invented accounts are there; `relmap sample --remove` takes them away.",
                count=samples.make_sample_book(today()),
            )
    click.echo(text)
