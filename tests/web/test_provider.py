"""Sign-in through an institution's own provider (OpenID Connect), with a provider made up here."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import clear_url_caches, include, path

from harvester.domain.errors import ConfigurationError
from harvester.web import environment, urls
from harvester.web import settings as ours
from harvester.web.models import Event
from harvester.web.permissions import Role, lacks_factor
from tests.web.conftest import person_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
CLIENT, SECRET = "harvester", "between the two of us"


class Provider:
    """What a provider does: shows who it is, gives a code, trades it for tokens, tells who it was."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.wrong_nonce = False
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Silent."""

            def do_GET(self) -> None:
                provider.answer(self, b"")

            def do_POST(self) -> None:
                provider.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        told, status = self.page(request, {k: v[0] for k, v in parse_qs(body.decode()).items()})
        text = json.dumps(told).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    def page(
        self, request: BaseHTTPRequestHandler, form: dict[str, str]
    ) -> tuple[dict[str, Any], int]:
        match urlsplit(request.path).path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "jwks_uri": f"{self.address}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }, 200
            case "/keys":
                key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                return {"keys": [{**key, "kid": "1", "use": "sig"}]}, 200
            case "/token":
                challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                sound = (
                    form.get("client_secret") == SECRET
                    and form.get("code") == "the code"
                    and base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
                    == self.asked.get("code_challenge")
                )
                return self.tokens() if sound else ({"error": "invalid_grant"}, 400)
            case "/userinfo":
                known = request.headers.get("Authorization") == "Bearer opens"
                return (self.person, 200) if known else ({"error": "invalid_token"}, 401)
        return {}, 404

    def tokens(self) -> tuple[dict[str, Any], int]:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            **self.person,
        }
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "opens", "token_type": "Bearer", "id_token": signed}, 200


@pytest.fixture
def provider(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider, and pages that know of it as if the operator had told it."""
    made = Provider()
    monkeypatch.setenv("HARVESTER_OIDC_ISSUER", made.address)
    monkeypatch.setenv("HARVESTER_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("HARVESTER_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("HARVESTER_OIDC_NAME", "eThekwini")
    told = environment.provider()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {**ours.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [told]}
    }
    settings.PROVIDER = told
    settings.ROOT_URLCONF = "tests.web.test_provider"
    clear_url_caches()
    yield made
    made.server.shutdown()
    made.server.server_close()
    clear_url_caches()


urlpatterns = [
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    *urls.urlpatterns,
]
handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


def through(provider: Provider, **person: Any) -> tuple[Client, Any]:
    """Go through the provider as a browser does; the client, and the answer to its return."""
    provider.person = {
        "sub": "abc-1",
        "email": "planner@sample.invalid",
        "email_verified": True,
        **person,
    }
    client = Client()
    leaving = client.post("/accounts/oidc/institution/login/")
    assert leaving.status_code == 302
    assert leaving.headers["Location"].startswith(f"{provider.address}/authorize?")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(leaving.headers["Location"]).query).items()}
    assert asked["client_id"] == CLIENT
    assert asked["code_challenge_method"] == "S256"
    provider.asked = asked
    back = urlsplit(asked["redirect_uri"]).path
    return client, client.get(f"{back}?{urlencode({'code': 'the code', 'state': asked['state']})}")


def test_a_person_with_an_account_comes_in_and_it_is_connected(provider: Provider) -> None:
    who = person_of(Role.PLANNER)
    assert "Sign in through eThekwini" in Client().get("/accounts/login/").content.decode()
    client, answer = through(provider)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(who.pk)
    assert client.get("/upload/").status_code == 200
    actions = list(Event.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["appointed", "provider_added", "signed_in"]
    assert json.loads(Event.objects.latest("number").payload) == {"methods": ["socialaccount"]}


def test_the_provider_is_where_the_second_factor_is_asked_for(
    provider: Provider, settings: SettingsWrapper
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    who = person_of(Role.PLANNER)
    client, _ = through(provider)
    assert client.get("/upload/").status_code == 200
    assert lacks_factor(who), "signing in by the password alone still gives no rights"


def test_a_person_without_an_account_is_sent_to_the_secretariat(
    provider: Provider, django_user_model: Any
) -> None:
    client, answer = through(provider, email="stranger@sample.invalid")
    assert "_auth_user_id" not in client.session
    page = answer if answer.status_code == 200 else client.get(answer.headers["Location"])
    assert "come from the secretariat" in page.content.decode()
    assert not django_user_model.objects.exists()


def test_an_address_the_provider_has_not_verified_opens_nothing(provider: Provider) -> None:
    person_of(Role.SECRETARIAT)
    client, _ = through(provider, email="secretariat@sample.invalid", email_verified=False)
    assert "_auth_user_id" not in client.session


def test_a_return_that_nobody_began_opens_nothing(provider: Provider) -> None:
    person_of(Role.PLANNER)
    provider.person = {"sub": "abc-1", "email": "planner@sample.invalid", "email_verified": True}
    client = Client()
    answer = client.get("/accounts/oidc/institution/login/callback/?code=the+code&state=made-up")
    assert answer.status_code in {200, 302, 401, 403}
    assert "_auth_user_id" not in client.session


def test_an_account_switched_off_stays_out(provider: Provider) -> None:
    who = person_of(Role.PLANNER)
    through(provider)
    who.is_active = False
    who.save()
    client, _ = through(provider)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"ISSUER": "https://id.example.org"}, "HARVESTER_OIDC_CLIENT_ID and"),
        ({"ISSUER": "http://id.example.org", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "https"),
    ],
)
def test_a_provider_told_in_part_or_without_tls_is_refused(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], words: str
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(f"HARVESTER_OIDC_{name}", value)
    with pytest.raises(ConfigurationError, match=words):
        environment.provider()


def test_forms_may_lead_to_the_provider_and_nowhere_else() -> None:
    assert environment.origins(None) == []
    told = {"settings": {"server_url": "https://id.example.org/realms/gov"}}
    assert environment.origins(told) == ["https://id.example.org"]
