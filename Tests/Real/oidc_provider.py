"""canaille as a process of its own: python oidc_provider.py PORT REDIRECT_URI

An identity provider with two people, grace and ada, a client `latchkey` with a secret, and a client `public` without.
Everything is in its memory. Another use: the test is told nothing about how the provider works but its address.
"""

import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

PASSWORD = "correct horse battery staple"


def main(port, redirect_uri):
    key = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"}, auto_kid=True)
    app = create_app({
        "SECRET_KEY": "a secret of this test", "SERVER_NAME": f"127.0.0.1:{port}", "PREFERRED_URL_SCHEME": "http",
        "TESTING": False, "DATABASE": "memory",
        "CANAILLE": {"NAME": "Example", "ENABLE_REGISTRATION": False},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
    })
    with app.app_context():
        fill(redirect_uri)
    print("serving", flush=True)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def fill(redirect_uri):
    backend = Backend.instance
    for name, family, mail in [("grace", "Hopper", "grace@example.com"), ("ada", "Lovelace", "ada@example.com")]:
        user = models.User(
            user_name=name, given_name=name.title(), family_name=family, formatted_name=f"{name.title()} {family}",
            emails=[mail], password=PASSWORD)
        backend.save(user)
        backend.save(models.Group(display_name=f"{name}-people", members=[user]))
    for client_id, secret, method in [("latchkey", "s3cret-of-canaille", "client_secret_basic"), ("public", None, "none")]:
        client = models.Client(
            client_id=client_id, client_secret=secret, client_name="Latchkey", token_endpoint_auth_method=method,
            client_uri="http://127.0.0.1/", redirect_uris=[redirect_uri], grant_types=["authorization_code"],
            response_types=["code"], scope=["openid", "profile", "email", "groups"])
        backend.save(client)
        client.audience = [client]
        backend.save(client)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
