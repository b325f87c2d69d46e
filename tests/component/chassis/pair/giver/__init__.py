"""A small service that only the tests of chassis run: it keeps things and tells that it was given them."""
