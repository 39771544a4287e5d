"""One request straight to an application, without a server."""


async def ask(web, method, path, *, headers=(), query=b"", body=b""):
    """Returns (status, body)."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "", "headers": list(headers),
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    coming = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]
    sent = []

    async def receive():
        return coming.pop(0)

    async def send(event):
        sent.append(event)

    await web(scope, receive, send)
    return sent[0]["status"], b"".join(event.get("body", b"") for event in sent[1:])
