"""The Telegram edge: `bot.running` uses `making.telegram_edge`; nothing else imports it."""
