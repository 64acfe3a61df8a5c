"""Checks Latchkey's tokens by their signature alone, and honours revocations: pip install 'PyJWT[crypto]' requests

    export LATCHKEY_TOKEN=…   # any token that works; it is for reading the feed of revocations
    echo "$PRESENTED" | python verifier.py http://127.0.0.1:8080

What is asked over the network is the key set and the feed; a check asks nobody.
"""

import base64
import os
import sys
import threading
import time

import jwt
import requests


class OfflineVerifier:
    # Who has heard nothing for so long does not know any more what was revoked.
    PATIENCE = 120

    def __init__(self, url, token):
        self.url, self.keys, self.dead, self.heard = url, {}, frozenset(), None
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        """Reads the snapshot, then waits at the feed's end for what comes."""
        place, dead = None, set()
        while True:
            try:
                keys = self.session.get(f"{self.url}/.well-known/jwks.json", timeout=10).json()["keys"]
                self.keys = {key["kid"]: jwt.PyJWK(key) for key in keys}
                reply = self.session.get(self.url + (place or "/api/revocations"), params={"wait": 30}, timeout=45)
                if reply.status_code == 410:  # away for too long: the feed does not reach back
                    place, dead = None, set()
                    continue
                reply.raise_for_status()
                part = reply.json()
            except (requests.RequestException, ValueError, KeyError):
                time.sleep(2)
                continue
            for item in part["items"]:
                (dead.discard if item["works"] else dead.add)(item["token_id"])
            place = part["next"]
            if not part["more"]:  # all that is known by now, and not before
                self.dead, self.heard = frozenset(dead), time.monotonic()

    def check(self, token):
        """The claims of a token that works. Raises jwt.InvalidTokenError for every other."""
        if self.heard is None or time.monotonic() - self.heard > self.PATIENCE:
            raise jwt.InvalidTokenError("the feed of revocations has not been heard of")
        header = jwt.get_unverified_header(token)
        if header.get("typ") != "JWT" or header.get("kid") not in self.keys:
            raise jwt.InvalidTokenError("not a token of this authority")
        claims = jwt.decode(
            token, self.keys[header["kid"]], algorithms=["ES256"], issuer=self.url,
            options={"require": ["jti", "iss", "sub", "iat"]})
        number = int.from_bytes(base64.urlsafe_b64decode(claims["jti"] + "=")[:8], "big")
        if number in self.dead:
            raise jwt.InvalidTokenError("revoked")
        return claims


if __name__ == "__main__":
    verifier = OfflineVerifier(sys.argv[1], os.environ["LATCHKEY_TOKEN"])
    while verifier.heard is None:
        time.sleep(0.05)
    for line in sys.stdin:
        try:
            print("works", verifier.check(line.strip())["sub"], flush=True)
        except jwt.InvalidTokenError as fault:
            print("refused", fault, flush=True)
