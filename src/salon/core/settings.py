"""All settings, typed, in one object. Each is an environment variable ``SALON_<NAME>`` and a line in ``salon.toml``."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Names = Annotated[list[str], NoDecode]
"""Several values; in an environment variable with commas between them."""


_ORIGIN = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?/?")
_USUAL_PORTS = {"http": "80", "https": "443"}


def origin_of(text: str) -> str:
    """The address of a server as browsers name it in ``Origin``: small letters, no port where it is the usual one."""
    found = _ORIGIN.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("must be like https://salon.example.org, without a path")
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" if port in {None, _USUAL_PORTS[scheme]} else f"{scheme}://{host}:{port}"


class OidcProvider(BaseModel):
    """Somebody who says who people are."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    """In addresses, and where its people are remembered: it must not change."""
    title: str = ""
    """On the button; by default the name."""
    issuer: Annotated[str, Field(pattern=r"^https?://")]
    """Its address; ``/.well-known/openid-configuration`` below it says the rest."""
    client_id: str
    client_secret: SecretStr


IceUrl = Annotated[str, Field(pattern=r"^(stuns?|turns?):[^\s]{1,200}$")]
"""Like ``turn:turn.example.org:3478?transport=udp``."""


class IceServer(BaseModel):
    """A server that helps browsers to find a way to each other (STUN), or relays between them (TURN)."""

    model_config = ConfigDict(extra="forbid")

    urls: Annotated[
        list[Annotated[str, Field(pattern=r"^(stuns?|turns?):[^\s]{1,200}$")]], Field(min_length=1, max_length=8)
    ]
    username: str = ""
    credential: SecretStr | None = None
    """A fixed password, which everybody in a call gets to see. Better:"""
    secret: SecretStr | None = None
    """The server's shared secret (coturn's ``static-auth-secret``): each person gets credentials of one hour."""


class Settings(BaseSettings):
    """Settings of one server. The environment wins over ``salon.toml`` in the working directory."""

    model_config = SettingsConfigDict(env_prefix="SALON_", toml_file="salon.toml", extra="forbid")

    host: str = "0.0.0.0"  # noqa: S104  phones in the same network are who it is for
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on; 0 takes a free one."""
    data_dir: Path = Path("data")
    """Where the database and files are kept."""
    database_url: str | None = None
    """SQLAlchemy URL of the database; by default SQLite in the data directory."""
    public_url: str | None = None
    """The address under which people reach the server; by default the one of this machine's network interface."""
    allowed_origins: Names = []
    """Further origins whose pages may use this server, besides the public URL and this machine's own addresses."""
    trusted_proxies: Names = []
    """Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed."""
    https: bool = False
    """Serve HTTPS with a certificate of the server's own authority, and over plain HTTP a guide to trusting it."""
    guide_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port of that guide; 0 takes a free one."""
    local_name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")] | None = None
    """The server's name before ``.local``; by default the machine's."""
    mdns: bool = True
    """Announce that name to the local network. Otherwise the server is reached by its address."""
    cert: Path | None = None
    """Serve HTTPS with this certificate (PEM, with its chain), which is taken anew whenever the file changes."""
    key: Path | None = None
    """The certificate's private key (PEM, without a password)."""
    tunnel: Literal["ngrok"] | None = None
    """Make the server public by a tunnel. Its token is in the environment, NGROK_AUTHTOKEN."""
    ready_file: Path | None = None
    """A file to write ``{"url", "port", "pid"}`` to, as JSON, when connections are accepted."""
    log_json: bool = False
    """Write log lines as JSON instead of for people."""

    presence_grace_seconds: Annotated[float, Field(ge=0)] = 20.0
    """How long somebody whose connection was lost still counts as being in the room."""
    idle_minutes: Annotated[int, Field(ge=5)] = 24 * 60
    """A new room closes after so many minutes with nobody in it, unless its host changes it."""
    session_days: Annotated[int, Field(ge=1)] = 90
    """A session ends when it was not used for so many days."""
    session_max_days: Annotated[int, Field(ge=1)] = 365
    """A session ends after so many days, however much it is used."""
    pin_wrong_guesses_per_hour: Annotated[int, Field(ge=1)] = 600
    """Wrong PINs that the whole server answers in any hour; beyond, PIN entry asks the host."""
    pin_wrong_guesses_per_network: Annotated[int, Field(ge=1)] = 100
    """The same for each client network (IPv4 address, IPv6 /64)."""
    rooms_per_hour: Annotated[int, Field(ge=1)] = 120
    """Rooms that one client network may create in an hour."""
    rooms_need_account: bool = False
    """Only who is signed in may create rooms. Administrators can change it while the server runs."""
    largest_room: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """How many people a room may hold at most, whatever its hosts say. Administrators can change it."""
    sign_ups_open: bool = True
    """Anybody may make an account; otherwise only who runs the server. Administrators can change it."""
    sessions_per_hour: Annotated[int, Field(ge=1)] = 5000
    """New sessions for one client network in an hour; a whole hall may share one address."""
    commands_per_second: Annotated[float, Field(gt=0)] = 20.0
    """Commands, queries and signals that one connection may send a second, over time; three times as many at once."""
    person_commands_per_second: Annotated[float, Field(gt=0)] = 40.0
    """The same for one person in a room, on all of their connections together."""
    room_commands_per_second: Annotated[float, Field(gt=0)] = 1000.0
    """The same for everyone in a room together, so that one room leaves something for the others."""
    log_events: Annotated[int, Field(ge=100)] = 5000
    """Events kept in each stream for clients that come back; who missed more gets a snapshot."""
    receipt_hours: Annotated[int, Field(ge=1)] = 48
    """How long the answer to a command is kept for a repeat of the same command."""

    password_memory_mib: Annotated[int, Field(ge=19, le=1024)] = 19
    """Memory that checking one password takes; two are checked at a time."""
    password_rounds: Annotated[int, Field(ge=2, le=20)] = 2
    """How many times that memory is gone through."""
    sign_ins_per_hour: Annotated[int, Field(ge=1)] = 300
    """Attempts to sign in, for one client network in an hour; a whole school may share one address."""
    account_sign_ins_per_hour: Annotated[int, Field(ge=1)] = 60
    """The same for one account, from networks that it was never signed in from."""
    room_passwords_per_hour: Annotated[int, Field(ge=5)] = 120
    """Wrong passwords of rooms, for one client network in an hour."""
    sign_ups_per_hour: Annotated[int, Field(ge=1)] = 60
    """New accounts for one client network in an hour; as many passwords can be asked to be reset."""
    admins_need_second_factor: bool = False
    """Administrators reach what is theirs only with a second factor; without one they are led to setting it up."""
    secret_key: Annotated[SecretStr, Field(min_length=32)] | None = None
    """Seals what is secret in the database and must be read again, such as those of second factors. Without it, a key
    that is in the database too."""
    audit_days: Annotated[int, Field(ge=1)] = 180
    """How long it is kept what administrators and hosts did."""
    smtp_host: str | None = None
    """The mail server. Without one no mail is sent: administrators hand out links for new passwords instead."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    smtp_user: str | None = None
    """The name to sign in with there, if it asks for one."""
    smtp_password: SecretStr | None = None
    """And the password."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the way there is protected; ``none`` is for a server on the same machine."""
    smtp_from: str | None = None
    """The sender's address; by default salon@ and the host of the public URL."""
    plans_per_account: Annotated[int, Field(ge=1)] = 100
    """Planned rooms of one account that are not over."""
    plan_mails_per_day: Annotated[int, Field(ge=0)] = 2000
    """Mails that one account's planned rooms may cause in a day: invitations, changes, reminders."""
    push_to_private_addresses: bool = False
    """Push messages may go to addresses in private networks, and without TLS: for a push service of one's own."""
    ice_servers: list[IceServer] = []
    """Servers for the way between browsers (STUN, TURN): as JSON, or as ``[[ice_servers]]`` tables. None but these."""
    turn: bool = False
    """Run a relay (coturn, which must be installed) beside the server, and end it with it."""
    turn_host: str | None = None
    """The name or address under which browsers reach the relay; by default the host of the public URL."""
    turn_port: Annotated[int, Field(ge=1, le=65535)] = 3478
    """Its port, for UDP and TCP."""
    turn_listen: Names = []
    """Addresses of this machine on which it listens and relays; by default all that it has."""
    turn_external_address: str | None = None
    """The public address, when this machine is behind address translation."""
    turn_first_port: Annotated[int, Field(ge=1024, le=65535)] = 49160
    """The first of the ports that it relays from."""
    turn_last_port: Annotated[int, Field(ge=1024, le=65535)] = 49359
    """The last of them."""
    turn_allowed_networks: Names = []
    """Private networks that it may relay into, as on a local network without internet; all others are denied."""
    file_mib: Annotated[int, Field(ge=1)] = 8 * 1024
    """How large a file may be."""
    room_files_mib: Annotated[int, Field(ge=1)] = 32 * 1024
    """How much the files of one room may take together."""
    server_files_mib: Annotated[int, Field(ge=1)] = 256 * 1024
    """How much the files of all rooms may take together."""
    files_per_room: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """How many files a room may have."""
    disk_free_mib: Annotated[int, Field(ge=0)] = 1024
    """Of the disk, files leave so much free for everything else."""
    upload_hours: Annotated[int, Field(ge=1)] = 24
    """An upload that was not finished is given up so long after its last bytes."""
    accel_redirect: Annotated[str, Field(pattern=r"^/[A-Za-z0-9._/-]{0,200}$")] | None = None
    """The internal location under which nginx has the files of the data directory: it sends them then, not Salon."""
    s3_bucket: str | None = None
    """Keep files in this bucket of an S3-compatible store instead of on disk. Uploads gather on disk first."""
    s3_endpoint: Annotated[str, Field(pattern=r"^https?://")] | None = None
    """Its address, where it is not that of Amazon."""
    s3_region: str = "us-east-1"
    """Its region."""
    s3_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{0,200}$")] = ""
    """Put before the names of all files there."""
    s3_access_key: SecretStr | None = None
    """The key's id; without it, that of the machine is asked for."""
    s3_secret_key: SecretStr | None = None
    """The key."""
    oidc: list[OidcProvider] = []
    """Providers of OpenID Connect: in the environment as JSON, in ``salon.toml`` as ``[[oidc]]`` tables."""

    @field_validator("allowed_origins", "trusted_proxies", "turn_listen", "turn_allowed_networks", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [each.strip() for each in value.split(",") if each.strip()] if isinstance(value, str) else value

    @field_validator("turn_listen")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        return [str(ipaddress.ip_address(each)) for each in value]

    @field_validator("turn_external_address")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        return None if value is None else str(ipaddress.ip_address(value))

    @field_validator("turn_host")
    @classmethod
    def _is_a_host(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}", value):
            raise ValueError("must be a name or an address, without a port")
        return value

    @field_validator("turn_allowed_networks")
    @classmethod
    def _are_networks(cls, value: list[str]) -> list[str]:
        return [str(ipaddress.ip_network(each)) for each in value]

    @model_validator(mode="after")
    def _ports_are_a_range(self) -> Settings:
        if self.turn_last_port < self.turn_first_port:
            raise ValueError("turn_last_port comes after turn_first_port")
        return self

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str | None) -> str | None:
        return None if value is None else origin_of(value)

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: list[str]) -> list[str]:
        return [origin_of(each) for each in value]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def database(self) -> str:
        """The SQLAlchemy URL to use."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'salon.db'}"
