"""Notices: who is told what when something happens, and what each has been told and has read."""
