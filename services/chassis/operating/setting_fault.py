"""What is wrong with a setting, as operators read it; it reads none itself, so that it can tell of any."""

from environs import EnvNotSetError, EnvValidationError


def sentence(error: Exception) -> str:
    """The name of the setting and what is wrong with it, as in `LOG_LEVEL: Must be one of: …`; ours are so already."""
    if not isinstance(error, EnvNotSetError | EnvValidationError):
        return str(error)
    name = str(error).split('"')[1]
    return f"{name}: {' '.join(error.error_messages) if isinstance(error, EnvValidationError) else 'It has to be set.'}"
