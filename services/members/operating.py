"""What operators do with members: its keys, its copies of what cases keeps, and the first accounts of a district."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TextIO

import click
from environs import Env

from chassis.audit.row import OPERATOR
from chassis.caller import Caller, Grant
from chassis.clock import clock
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.keyring import tried
from chassis.mongo import Home, connect, database_name
from chassis.operating.offer import Copies, Export, Offer
from chassis.operating.speaking import Verb, dry_run
from chassis.settings import settings
from members.accounts import password
from members.accounts.store import AccountStore
from members.area import tenant_of
from members.keys import seal
from members.organisations.store import UnitStore
from members.people.person import LANGUAGES, masked_phone
from members.people.registrar import Registrar
from members.people.registration import Newcomer
from members.people.store import PeopleStore
from members.reading import read
from members.registry.schemas import SCOPE, HolderSchema
from members.registry.sight import AUDITOR
from members.role import ROLES
from members.schemas import MANY
from members.sealing import MARKED, Seal
from members.settings import read as read_settings
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

SAYS: Mapping[str, str] = {
    "phone_taken": "another account has this phone: release it there first, or leave --phone out",
    "login_taken": "another account has this login: choose another one",
    "unknown_unit": "there is no such unit in the district: register it first, or leave --unit out",
    "unit_missing": "who speaks for a unit is of it: name it by --unit",
    "unknown_grid": "there is no such grid: see that the code is right, and that the grid was opened",
    "grid_closed": "the grid is closed: name one that is open",
    "out_of_scope": "another district than that of the first role: open an account for each district",
}
"""What a fault means to an operator, and what to do."""


@click.command("open-account", cls=Verb)
@click.option("--name", prompt="Name", help="What the person is called; asked for unless given.")
@click.option(
    "--role",
    "roles",
    nargs=2,
    multiple=True,
    required=True,
    type=(click.Choice(ROLES), str),
    metavar="ROLE CODE",
    help=f"A role, and the code of the district, town, community or grid in which it is held; also several times. "
    f"Roles: {', '.join(ROLES)}.",
)
@click.option("--phone", help="A mobile number, to which the code to sign in is sent.")
@click.option("--login", help="A login, which goes with a password.")
@click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Where the password stands in the first line, - for standard input; asked for unless given.",
)
@click.option("--unit", "unit_id", help="The id of the unit that the person belongs to.")
@click.option("--honorific", help="Form of address, like 女士.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of messages to the person.")
@dry_run
def open_account(
    roles: Sequence[tuple[str, str]], login: str | None, password_file: TextIO | None, dry_run: bool, **given: str
) -> None:
    """Register a person with roles and an account, so that somebody can sign in and register the others.

    The person signs in by a code that is sent to --phone, by --login and a password, or by either. It is written into
    the database of members, whose settings are needed; members need not run. Whoever can run this may give any role: it
    stands in the audit trail as what the operator did.
    """
    if login is None and not given["phone"]:
        raise click.UsageError("Say how the person signs in: --phone, --login or both.")
    if password_file and login is None:
        raise click.UsageError("A password goes with a --login.")
    held = [{"role": role, "scope": code} for role, code in roles]
    body = {name: value for name, value in {**given, "login": login, "roles": held}.items() if value is not None}
    # What an administrator of the district may do, though the histories say who it was.
    asked = Asked(
        Caller(OPERATOR, (Grant("district_admin", tenant_of(roles[0][1])),)), new_id(), digest({}), clock().now()
    )
    keys = seal()
    with connect(settings, "members") as client:
        database = client[database_name(settings, "members")]
        tried(database, MARKED, keys)
        accounts, registrar = _registrar(Home(database), keys)
        newcomer = _checked(registrar, accounts, asked, body)
        # Beforehand nobody is asked for one, but what stands in a file is looked at.
        text = _password(password_file) if login is not None and (password_file or not dry_run) else None
        if not dry_run:
            hashed = password.hashed(text) if text is not None else None
            receipt = _registered(registrar, asked, replace(newcomer, password_hash=hashed))
    done = "would be registered: " if dry_run else f"registered: {receipt['person_id']}, "
    click.echo(f"{done}{_ways_in(newcomer)}{'; nothing was changed' if dry_run else ''}")


def _registrar(home: Home, keys: Seal) -> tuple[AccountStore, Registrar]:
    accounts = AccountStore(home)
    return accounts, Registrar(PeopleStore(home), accounts, UnitStore(home), TerritoryStore(home), keys)


def _checked(registrar: Registrar, accounts: AccountStore, asked: Asked, body: Answer) -> Newcomer:
    """Who is to be registered; ends the program with everything that is wrong with it, and nothing is kept."""
    wrong = [f"login: {SAYS['login_taken']}"] if "login" in body and accounts.has_login(body["login"]) else []
    try:
        tenant = {"tenant": asked.caller.grants[0].scope}
        reading = read(HolderSchema(demo=read_settings(Env()).demo), body | tenant)
        newcomer = Newcomer(**tenant | reading.fields)
        reading.check(registrar.faults(asked.caller, [newcomer], asked.now)[0])
    except Refusal as refused:
        raise click.ClickException("\n".join([*wrong, *_told(refused)])) from None
    if wrong:
        raise click.ClickException("\n".join(wrong))
    return newcomer


def _registered(registrar: Registrar, asked: Asked, newcomer: Newcomer) -> Answer:
    """The receipt; ends the program where somebody else has the phone or the login by now."""
    try:
        return registrar.register(asked, [newcomer], acting=OPERATOR)
    except Refusal as refused:
        raise click.ClickException("\n".join(_told(refused))) from None


def _ways_in(newcomer: Newcomer) -> str:
    by = [f"by a code to {masked_phone(newcomer.phone)}"] if newcomer.phone else []
    by += [f"as {newcomer.login}"] if newcomer.login else []
    roles = ", ".join(f"{grant.role} {grant.scope}" for grant in newcomer.roles)
    return f"signs in {' or '.join(by)}; {roles}"


def _password(file: TextIO | None) -> str:
    """What stands in the file, or what is typed twice and not shown."""
    text = (
        file.readline().rstrip("\r\n") if file else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    if not password.SHORTEST <= len(text) <= password.LONGEST:
        raise click.UsageError(f"A password has {password.SHORTEST} to {password.LONGEST} characters.")
    return str(text)


def _told(refused: Refusal) -> Iterable[str]:
    """Each fault in a line: the option or field, and what to do. That of a district is told by its role's code."""
    for fault in refused.details.get("errors", [{"pointer": "", "detail": refused.code}]):
        said = SAYS.get(fault.get("code", fault["detail"]), fault["detail"])
        if fault["pointer"] != "/tenant":
            yield f"{fault['pointer'].strip('/') or 'account'}: {said}"


def _of_people(area: str) -> Sequence[tuple[Answer, Answer]]:
    """Those who are active."""
    return [({}, {"filters": {"area": area}, "limit": MANY})]


OFFER = Offer(
    marked=MARKED,
    sealer=seal,
    copies=(
        Copies("cases", "copy_cases", "cases", "standings"),
        Copies("categories", "copy_categories", "cases", "entered_policies"),
    ),
    exports=(Export("people", "people_list", AUDITOR, "people", SCOPE, _of_people),),
    commands=(open_account,),
)
