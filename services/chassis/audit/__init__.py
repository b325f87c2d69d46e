"""The trail of what has to be answered for: rows in a chain of hashes whose head is kept outside the database."""
