"""The words and the tables; imports nothing of ours. Import any module here by name; nothing is re-exported."""
