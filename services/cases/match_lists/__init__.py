"""The match lists: what people ask for, what units and people offer, and the projects that are made of both."""
