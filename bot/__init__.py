"""The edges: settings, command line, channels, conversation, web. Nothing below imports from here."""
