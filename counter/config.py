"""Settings: a file in the home, then the environment (`COUNTER_…`). Every key is documented here and in docs/settings.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, PrivateAttr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from counter.folder import SETTINGS, read_own

RETIRED: Final = frozenset({"difference_limit"})
"""Keys of older homes that nothing reads any more: what binds a person is the office's, not a computer's."""


class Settings(BaseSettings):
    """What a computer may choose. What limits a person is no setting: it lies in the books."""

    model_config = SettingsConfigDict(env_prefix="COUNTER_", extra="forbid")

    lang: Literal["vi", "en"] = Field("vi", description="Language of the screens and of paper: vi or en.")
    theme: Literal["quay-dark", "quay-light", "quay-contrast", "quay-console"] = Field(
        "quay-dark", description="Colours: quay-dark, quay-light, quay-contrast, quay-console."
    )
    till: str = Field("", description="The till this computer serves, for example Q1; empty asks at sign-in.")
    idle_minutes: int = Field(5, ge=1, le=60, description="The screen locks itself after so many minutes without a key.")
    linh_or_le: Literal["linh", "lẻ"] = Field(
        "linh", description="How a zero ten is said in words: linh (North), lẻ (South)."
    )
    pin_cost: Literal["normal", "light"] = Field(
        "normal",
        description="Argon2id cost of a PIN: normal (64 MiB, 3 passes) or light (19 MiB, 2 passes) for old laptops.",
    )
    pepper_file: str = Field("", description="Where the PIN pepper lies; empty: the file `pepper` in the home.")
    paper: Literal["none", "tcp", "usb", "serial", "cups", "windows", "file", "shared"] = Field(
        "none", description="How the printer is connected; shared: another computer prints for this till."
    )
    paper_file: str = Field("", description="With paper=file: the file or device that receipts are appended to.")
    paper_host: str = Field("", description="With paper=tcp: the printer's address.")
    paper_port: int = Field(9100, ge=1, le=65535, description="With paper=tcp: the printer's port.")
    paper_columns: Literal[32, 42, 48] = Field(42, description="Characters a line on the receipt printer.")
    paper_dots: int = Field(
        576, ge=384, le=576, multiple_of=8, description="Dots a line: 384 on 58 mm paper, 512 or 576 on 80 mm."
    )
    paper_device: str = Field("", description="With paper=usb or serial: /dev/usb/lp0, 04b8:0e15, /dev/ttyUSB0, COM3.")
    paper_baud: int = Field(9600, ge=1200, le=921_600, description="With paper=serial: the speed.")
    paper_flow: Literal["xonxoff", "rtscts", "none"] = Field("xonxoff", description="With paper=serial: how it says “wait”.")
    paper_queue: str = Field("", description="With paper=cups or windows: the printer's name in the system.")
    paper_answers: Literal["auto", "yes", "no"] = Field("auto", description="Whether the printer answers when asked.")
    paper_done: Literal["auto", "process-id", "mark", "none"] = Field(
        "auto", description="How the printer says that a job is on paper."
    )
    paper_drawer: Literal["none", "2", "5"] = Field("none", description="The pin of the printer's cash drawer.")
    printer: dict[str, Any] = Field({}, description="What is known about the printer; the printer screen writes it.")
    qr_minutes: int = Field(15, ge=1, le=1440, description="So long a transfer code is shown before it is given up.")
    receipt_site: str = Field("", description="Where customers look up a receipt; printed and in its QR.")
    receipt_footer: str = Field("", description="The office's own closing words on a receipt.")
    receipt_names: Literal["whole", "masked"] = Field("whole", description="Names and addresses on a receipt.")
    sound: Literal["on", "off"] = Field("on", description="A bell with each refusal: on or off.")
    _home: Path | None = PrivateAttr(None)

    @property
    def home(self) -> Path | None:
        """The folder these settings were read from; None for settings made up in memory."""
        return self._home

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First what the program was told, then the environment, then the file in the home."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(home: Path, **told: Any) -> Settings:
    """The settings of this home. Raises pydantic.ValidationError or tomllib.TOMLDecodeError for a file that is wrong."""

    class HomeSettings(Settings):
        model_config = SettingsConfigDict(env_prefix="COUNTER_", extra="ignore", toml_file=home / SETTINGS)

    _refuse_unknown(home / SETTINGS)
    settings = HomeSettings(**{key: value for key, value in told.items() if value is not None})
    settings._home = home
    return settings


class UnknownSetting(ValueError):
    """A key in the file that no setting has."""


def _refuse_unknown(path: Path) -> None:
    import tomllib

    if not path.exists():
        return
    keys = tomllib.loads(read_own(path).decode())
    unknown = sorted(set(keys) - set(Settings.model_fields) - RETIRED)
    if unknown:
        raise UnknownSetting(f"{path}: {', '.join(unknown)}")


def save_setting(home: Path, key: str, value: str | int) -> None:
    """Write one key into the home's file as `save_settings` does."""
    save_settings(home, {key: value})


def save_settings(home: Path, values: Mapping[str, Any]) -> None:
    """Write some keys into the home's file, keeping the others and every comment; the file appears whole or not at all."""
    import tomlkit

    path = home / SETTINGS
    held = tomlkit.parse(read_own(path).decode() if path.exists() else "")
    Settings.model_validate({**Settings.model_construct().model_dump(), **values})
    for key, value in values.items():
        held[key] = {**value} if isinstance(value, Mapping) else value
    half = path.with_suffix(".part")
    half.write_bytes(tomlkit.dumps(held).encode())
    half.replace(path)
