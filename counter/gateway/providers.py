"""Which providers this office uses, from `gateway.toml` in the home: a file of its own that only its owner may read."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from counter.cashless.feeds import Casso, PayOs, Provider, SePay, SePayKey
from counter.cashless.feeds.lists import CassoList, ProviderList, SePayList
from counter.folder import read_own
from counter.gateway.refusals import GatewayFileOpen, GatewayFileWrong

FILE: Final = "gateway.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class _Poll(_Strict):
    token: SecretStr = Field(min_length=8)
    url: str = Field("", pattern=r"^(https://[^\s]+|http://127\.0\.0\.1:\d+)?$")
    seconds: int = Field(20, ge=5, le=3600)


class _SePay(_Strict):
    secret: SecretStr | None = Field(None, min_length=8)
    api_key: SecretStr | None = Field(None, min_length=8)
    poll: _Poll | None = None

    @model_validator(mode="after")
    def one_proof(self) -> _SePay:
        if self.secret is not None and self.api_key is not None:
            raise ValueError("secret or api_key, not both")
        return self


class _PayOs(_Strict):
    checksum_key: SecretStr = Field(min_length=8)


class _Casso(_Strict):
    secret: SecretStr | None = Field(None, min_length=8)
    poll: _Poll | None = None

    @model_validator(mode="after")
    def one_way(self) -> _Casso:
        if self.secret is not None and self.poll is not None:
            raise ValueError("secret or poll, not both: the ids of the two may differ, and money would be booked twice")
        return self


class _File(_Strict):
    sepay: _SePay | None = None
    payos: _PayOs | None = None
    casso: _Casso | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """A list that is asked for, and how often."""

    listing: ProviderList
    seconds: int


@dataclass(frozen=True, slots=True)
class Providers:
    """Who may tell of money, and whom to ask."""

    told: dict[str, Provider]
    polled: tuple[Polled, ...]


def load_providers(home: Path) -> Providers:
    """What `gateway.toml` says; nobody where there is no such file. Raises GatewayFileWrong, GatewayFileOpen."""
    path = home / FILE
    if not path.exists():
        return Providers({}, ())
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise GatewayFileOpen(path=path)
    try:
        held = _File.model_validate(tomllib.loads(read_own(path).decode()))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise GatewayFileWrong(path=path, detail=f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise GatewayFileWrong(path=path, detail=type(error).__name__) from None
    return Providers({one.name: one for one in _told(held)}, tuple(_polled(held)))


def _told(held: _File) -> list[Provider]:
    found: list[Provider] = []
    if held.sepay and held.sepay.secret:
        found.append(SePay(held.sepay.secret.get_secret_value()))
    if held.sepay and held.sepay.api_key:
        found.append(SePayKey(held.sepay.api_key.get_secret_value()))
    if held.payos:
        found.append(PayOs(held.payos.checksum_key.get_secret_value()))
    if held.casso and held.casso.secret:
        found.append(Casso(held.casso.secret.get_secret_value()))
    return found


def _polled(held: _File) -> list[Polled]:
    found = []
    for part, kind in ((held.sepay, SePayList), (held.casso, CassoList)):
        if part is not None and part.poll is not None:
            told = {"url": part.poll.url.rstrip("/")} if part.poll.url else {}
            found.append(Polled(kind(part.poll.token.get_secret_value(), **told), part.poll.seconds))
    return found
