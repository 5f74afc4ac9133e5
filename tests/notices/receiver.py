"""A server on loopback that records what is posted to it and answers as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any

from gridparty.lib.china_time import SHANGHAI

MORNING = datetime(2026, 6, 3, 10, 0, tzinfo=SHANGHAI)
OK = (200, '{"errcode": 0, "errmsg": "ok"}')


@dataclass
class Posted:
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answers` are given one after the other, then OK for ever."""

    origin: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    record = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            record.posted.append(Posted(self.path, dict(self.headers), body))
            status, text = record.answers.pop(0) if record.answers else OK
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = TCPServer(("127.0.0.1", 0), Handler)  # HTTPServer would ask the DNS for its name
    record.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield record
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
