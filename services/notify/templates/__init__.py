"""Templates of messages as operators edit them: versions, what is refused of a draft, and which are in force."""
