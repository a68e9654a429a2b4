"""A small OpenID Connect provider as a process of its own: the code flow with PKCE, tokens signed with RS256.

What it does wrong is told by a file of JSON, read at each request: {"who": {claims}, "fault": name}.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "caselore-test", "a secret of the test"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"}) for _ in range(2))
CODES: dict[str, dict[str, str]] = {}
PLAY = Path(sys.argv[1])


def token(asked: dict[str, str], play: dict[str, object], issuer: str) -> str:
    fault, now = play.get("fault", ""), int(time.time())
    claims = {
        "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce", ""), **play["who"],
    }  # fmt: skip
    claims |= {
        "nonce": {"nonce": "another"}, "audience": {"aud": "another-client"}, "issuer": {"iss": "https://elsewhere"},
        "expired": {"iat": now - 900, "exp": now - 600},
    }.get(str(fault), {})  # fmt: skip
    if fault == "no nonce":
        del claims["nonce"]
    if fault == "unsigned":
        parts = [json.dumps(each).encode() for each in ({"alg": "none"}, claims)]
        return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
    if fault == "shared secret":
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET * 3))
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER_KEY if fault == "signature" else KEY)


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None: ...

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, told: object, status: int = 200, **headers: str) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            self.answer({"issuer": self.issuer} | {name: f"{self.issuer}/{end}" for name, end in ends.items()})
        elif parts.path == "/keys":
            self.answer({"keys": [KEY.as_dict(private=False)]})
        elif parts.path == "/authorize" and asked.get("client_id") == CLIENT and asked.get("response_type") == "code":
            code = base64.urlsafe_b64encode(hashlib.sha256(self.path.encode()).digest()).decode()
            CODES[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.answer({}, 302, Location=f"{asked['redirect_uri']}?{back}")
        else:
            self.answer({"error": "invalid_request"}, 400)

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        sent = {name: values[0] for name, values in said.items()}
        basic = base64.b64decode(self.headers.get("Authorization", "Basic ").split()[-1]).decode()
        asked = CODES.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if basic != f"{CLIENT}:{SECRET.replace(' ', '+')}" and basic != f"{CLIENT}:{SECRET}":
            self.answer({"error": "invalid_client"}, 401)
        elif not asked or asked["redirect_uri"] != sent.get("redirect_uri") or asked["code_challenge"] != challenge:
            self.answer({"error": "invalid_grant"}, 400)
        else:
            play = json.loads(PLAY.read_text())
            told = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
            self.answer(
                told if play.get("fault") == "no token" else told | {"id_token": token(asked, play, self.issuer)}
            )


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
