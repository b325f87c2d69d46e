"""What this service reads from the environment: the keys of personal data and codes, identity providers, the demo."""

from dataclasses import dataclass
from pathlib import Path

from environs import Env


@dataclass(frozen=True)
class Settings:
    """`person_key` (Fernet) encrypts phones, `code_key` keys fingerprints, codes and tokens; `demo` accepts 120…

    `identity_providers_file` lists the identity providers, if there are any.
    """

    person_key: str
    code_key: str
    demo: bool
    identity_providers_file: Path | None


def read(env: Env) -> Settings:
    """The settings as the environment has them; raises `environs.EnvError` that names a missing one."""
    providers = env.str("IDENTITY_PROVIDERS_FILE", None)
    return Settings(
        person_key=env.str("PERSON_KEY"),
        code_key=env.str("CODE_KEY"),
        demo=env.bool("DEMO", False),
        identity_providers_file=Path(providers) if providers else None,
    )
