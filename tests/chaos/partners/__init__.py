"""The partners of the suite under test: who they are, how each takes its events, and what each should have got."""
