"""A small OpenID Connect issuer on this machine: discovery, keys, codes, signed ID tokens. Tests make it lie."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "reclaim-test", "a client secret"


class Issuer:
    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/realm"
        self.secret = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims = {
            "sub": "person-1",
            "email": "ada@example.org",
            "email_verified": True,
            "name": "Ada Lovelace",
        }
        self.discovery = {}  # what it says differently
        self.userinfo = {}
        self.sign_with = {"algorithm": "RS256", "headers": {"kid": "key-1"}}
        self.asked = []  # paths of requests from the site
        self.refused = []  # why it gave no token
        self._codes = {}

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, target, **changes):
        """What happens at the issuer when somebody says yes: the address to come back to. `changes` replace claims."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        code = f"code-{len(self._codes)}"
        claims = {**self.claims, "nonce": asked["nonce"], **changes}
        self._codes[code] = (asked, {name: value for name, value in claims.items() if value is not None})
        return asked, f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token_for(self, form):
        """The answer to a code, or None: wrong client, wrong verifier, or used before."""
        asked, claims = self._codes.pop(form.get("code", ""), (None, None))
        if asked is None:
            self.refused.append("code")
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            self.refused.append("client")
        elif challenge != asked.get("code_challenge") or form.get("redirect_uri") != asked["redirect_uri"]:
            self.refused.append("verifier")
        else:
            now = int(time.time())
            whole = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **claims}
            return {"access_token": "access", "token_type": "Bearer", "id_token": self.sign(whole)}
        return None

    def sign(self, claims):
        key = self.sign_with.get("key", self.secret)
        return jwt.encode(
            claims, key, algorithm=self.sign_with["algorithm"], headers=self.sign_with["headers"]
        )

    def answer(self, path, form):
        if path == "/realm/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                **self.discovery,
            }
        if path == "/realm/keys":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.secret.public_key(), as_dict=True)
            return {"keys": [{**public, "kid": "key-1", "use": "sig", "alg": "RS256"}]}
        if path == "/realm/userinfo":
            return self.userinfo
        return self.token_for(form) if path == "/realm/token" else None

    def _handler(issuer):  # noqa: N805  the handler's own self is inside
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply({})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.reply({name: values[0] for name, values in parse_qs(body).items()})

            def reply(self, form):
                issuer.asked.append(self.path)
                found = issuer.answer(self.path, form)
                text = json.dumps(found if found is not None else {"error": "invalid_grant"}).encode()
                self.send_response(200 if found is not None else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args):
                pass

        return Handler
