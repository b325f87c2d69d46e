"""What this service reads from the environment: the keys of personal data and codes, and the demo switch."""

from dataclasses import dataclass

from environs import Env


@dataclass(frozen=True)
class Settings:
    """`person_key` (Fernet) encrypts phones, `code_key` keys fingerprints, codes and tokens; `demo` accepts 120…"""

    person_key: str
    code_key: str
    demo: bool


def read(env: Env) -> Settings:
    """The settings as the environment has them; raises `environs.EnvError` that names a missing one."""
    return Settings(
        person_key=env.str("PERSON_KEY"),
        code_key=env.str("CODE_KEY"),
        demo=env.bool("DEMO", False),
    )
