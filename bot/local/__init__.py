"""The demo's chats on a local page: the same port as any platform. Only `bot.__main__` imports from here."""
