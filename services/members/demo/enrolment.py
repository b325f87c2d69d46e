"""One synthetic person with a phone and the way in which they sign in; names and phones come from a running number."""

from dataclasses import dataclass

from members.accounts.account import Account
from members.people.person import Person

SURNAMES = "郭李王刘陈张黄钟谢曾罗温赖邱肖朱廖吴杨周徐何林胡曹彭"


@dataclass(frozen=True)
class Enrolment:
    """A person as the demo enrols them; who has a login is staff and signs in by password, the others by code."""

    person: Person
    phone: str
    login: str | None = None

    def account(self, phone_print: str, password_hash: str) -> Account:
        """The account for this person."""
        id = f"a{self.person.id.removeprefix('p')}"
        by_code, by_password = (phone_print, None) if self.login is None else (None, password_hash)
        return Account(id, self.person.id, self.person.tenant, by_code, self.login, by_password)


def name(number: int, surname: str = "") -> str:
    """A name that nobody has: surname + 测 + number (docs/domain.md §8)."""
    return f"{surname or SURNAMES[number % len(SURNAMES)]}测{number:03d}"


def phone(number: int) -> str:
    """A phone number of a segment that does not exist (docs/domain.md §8)."""
    return f"120{number:08d}"
