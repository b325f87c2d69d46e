"""A small service that only the tests of chassis run: it hears of things and keeps what it heard."""
