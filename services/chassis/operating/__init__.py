"""The command line of operators, `sandan`: what can be done with every service, and what each offers besides."""
