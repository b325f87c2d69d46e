"""Files in which operators list things, as JSON: read by a schema, or refused with the reason and without a secret."""

import json
from pathlib import Path
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError


class BadList(ValueError):
    """A list that cannot be used; its text names the setting that names the file."""

    SETTING: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.SETTING}: {self.args[0]}"


def listed(path: Path, schema: Schema, bad: type[BadList]) -> list[dict[str, Any]]:
    """What the file lists, in its order, as `schema` (of many) reads it; raises `bad`, whose text names the file."""
    try:
        found: list[dict[str, Any]] = schema.load(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise bad(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        raise bad(f"{path}: {error.messages}") from None
    except ValueError:  # its text may quote the file
        raise bad(f"{path} is no JSON") from None
    return found
