"""Checks Latchkey's tokens by signature and feed, asking nobody (README.md): pip install 'PyJWT[crypto]' requests"""
import base64
import os
import sys
import threading
import time

import jwt
import requests


class OfflineVerifier:
    def __init__(self, url, token, patience=120.0):
        self.url, self.patience, self.auth = url, patience, {"Authorization": f"Bearer {token}"}
        self.keys, self.dead, self.heard = {}, frozenset(), None
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        """Reads the snapshot, then waits at the feed's end for what comes. 410: it does not reach back, so anew."""
        feed, place, dead = "/api/revocations", None, set()
        while not time.sleep(0.1):  # where no place is left to wait at, the answer comes at once
            try:
                keys = requests.get(f"{self.url}/.well-known/jwks.json", timeout=10).json()["keys"]
                self.keys = {key["kid"]: jwt.PyJWK(key) for key in keys}
                reply = requests.get(self.url + (place or feed), place and {"wait": 30}, headers=self.auth, timeout=45)
                place, dead = (None, set()) if reply.status_code == 410 else (place, dead)
                part = reply.raise_for_status() or reply.json()
                for item in part["items"]:
                    (dead.discard if item["works"] else dead.add)(item["token_id"])
                place = part["next"]
                if not part["more"]:  # all that is known by now, and not before
                    self.dead, self.heard = frozenset(dead), time.monotonic()
            except Exception:  # whatever it was: without news, check() refuses
                time.sleep(2)

    def check(self, token):
        """The claims of a token that works. Raises jwt.InvalidTokenError for every other."""
        if self.heard is None or time.monotonic() - self.heard > self.patience:
            raise jwt.InvalidTokenError("the feed of revocations has not been heard of")
        header = jwt.get_unverified_header(token)
        if header.get("typ") not in ("JWT", "at+jwt") or header.get("kid") not in self.keys:
            raise jwt.InvalidTokenError("not a token of this authority")
        claims = jwt.decode(
            token, self.keys[header["kid"]], ["ES256"], {"require": ["jti", "sub"]}, issuer=self.url,
            audience=self.url if header["typ"] == "at+jwt" else None)
        number = int.from_bytes(base64.urlsafe_b64decode(claims["jti"] + "=")[:8], "big")
        if number in self.dead or claims.get("use") == "scim":
            raise jwt.InvalidTokenError("revoked, or for directory sync alone")
        return claims


if __name__ == "__main__":
    verifier = OfflineVerifier(sys.argv[1], os.environ["LATCHKEY_TOKEN"], *map(float, sys.argv[2:]))
    for _ in range(200):  # ten seconds at most: who has heard nothing by then refuses, until it hears
        time.sleep(0 if verifier.heard else 0.05)
    for line in sys.stdin:
        try:
            print("works", verifier.check(line.strip())["sub"], flush=True)
        except jwt.InvalidTokenError as fault:
            print("refused", fault, flush=True)
