"""The command line: each file holds the commands of one thing; `bot.__main__` puts them together."""
