"""The Telegram edge: `__main__` uses `wire.make_bot`, `channel`, `poller`, `menu`; nothing else imports it."""
