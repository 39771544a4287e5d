"""Zalo Official Account: another product than the Zalo bot, with its own consent, tokens, windows and buttons."""
