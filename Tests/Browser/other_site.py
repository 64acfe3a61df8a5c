"""A web site of somebody else's on this machine: what a page there can do to a person who is signed in here."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from visitor import OTHER_SITE


class OtherSite:
    """Serves `pages`: path → (content type, text). `asked` holds every request that it got, as (method, path, body).

    `url` is another site (cookies that are SameSite=Lax stay away from posts); `neighbour` is the same site at another
    port, another origin, where such cookies do go along."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                site.asked.append((self.command, self.path, self.rfile.read(length).decode(errors="replace")))
                kind, text = site.pages.get(self.path.split("?")[0], ("text/plain", ""))
                content = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://{OTHER_SITE}:{self.port}"

    @property
    def neighbour(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
