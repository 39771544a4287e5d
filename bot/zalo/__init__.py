"""The Zalo Bot Platform's edge: `bot.running` uses `making`, the command line `making` and `registration`."""
