"""The demo over plain HTTP: it answers, a nudge arrives, an answer is recorded, and /overdue counts it."""

import json
import sys
import time
import urllib.error
import urllib.request

BASE = sys.argv[1]


def ask(path, body=None):
    headers = {"content-type": "application/json", "Sec-Fetch-Site": "same-origin"}
    request = urllib.request.Request(BASE + path, data=body and json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def last_word(chat):
    said = [each["text"] for each in ask("/api/state")["messages"] if each["chat"] == chat and each["is_from_bot"]]
    return said[-1]


def wait_until_ready():
    for _ in range(120):
        try:
            return ask("/healthz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    sys.exit("the demo did not start in 30 s")


wait_until_ready()
ask("/api/clock", {"to": "next"})
assert "việc mới được giao" in last_word("justice"), last_word("justice")
ask("/api/chats/justice/messages", {"text": "1 xong"})
assert last_word("justice").startswith("Đã ghi: 1 ·"), last_word("justice")
ask("/api/clock", {"to": "2024-11-06"})
ask("/api/chats/coordinator/messages", {"text": "/overdue"})
assert "xong đúng hạn 1 · xong quá hạn 0 · trong hạn 36 · 🔴 quá hạn 180" in last_word("coordinator"), last_word(
    "coordinator"
)
print("smoke: the demo nudges, listens and counts")
