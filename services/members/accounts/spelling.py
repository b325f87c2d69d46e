"""Random numbers spelled so that people copy them without mistakes: no two of the characters look alike."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUP = 4


def many(length: int) -> int:
    """How many numbers are spelled with so many characters."""
    return int(len(ALPHABET) ** length)


def spelled(number: int, length: int) -> str:
    """A number below `many(length)` in so many characters, in groups of four."""
    characters = ""
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        characters += ALPHABET[place]
    return "-".join(characters[at : at + GROUP] for at in range(0, length, GROUP))
