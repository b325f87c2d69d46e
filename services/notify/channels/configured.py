"""The channels that an operator has set up, read from a file that holds their secrets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from marshmallow.exceptions import SCHEMA

from chassis.listed import BadList, listed
from notify.channels.port import ADDRESSES, DECLINABLE, PHONE, TO, Channel
from notify.channels.sms import EVERY_OTHER, PLACES, Approved
from notify.wording.wording import templates

VENDORS: Mapping[str, str] = {"aliyun": "dysmsapi.aliyuncs.com", "tencent": "sms.tencentcloudapi.com"}
"""Who sends text messages, and where the vendor answers."""


OF_EVERY_CHANNEL = frozenset({"name", "kind", "address"})


class BadChannels(BadList):
    """The file of channels cannot be used; the text names the place, never a secret."""

    SETTING = "CHANNELS_FILE"


def _leads_to_the_person(url: str) -> None:
    if TO not in url:
        raise ValidationError(f"needs {TO}: without it one address would get everybody's messages")


def _is_sent(name: str) -> None:
    if name != EVERY_OTHER and name not in templates():
        raise ValidationError(
            f"is no template; those are listed at /v1/message-templates, and {EVERY_OTHER} stands for every other"
        )


class ApprovedSchema(Schema):
    """A text that a vendor has approved."""

    code = fields.String(required=True)
    places = fields.List(fields.String(validate=validate.OneOf(PLACES)), load_default=list)


class ChannelSchema(Schema):
    """One channel: an apprise URL, or an account with a vendor of text messages."""

    name = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9-]{1,40}\Z"))
    kind = fields.String(required=True, validate=validate.OneOf(DECLINABLE))
    address = fields.String(load_default=PHONE, validate=validate.OneOf(ADDRESSES))
    url = fields.String(validate=_leads_to_the_person)
    vendor = fields.String(validate=validate.OneOf(sorted(VENDORS)))
    key_id = fields.String()
    key_secret = fields.String()
    app = fields.String()
    sign = fields.String()
    texts = fields.Dict(keys=fields.String(validate=_is_sent), values=fields.Nested(ApprovedSchema))
    endpoint = fields.String()

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        needed = {"url"} if "url" in data else {"vendor", "key_id", "key_secret", "sign", "texts"}
        needed |= {"app"} if data.get("vendor") == "tencent" else set()
        if missing := sorted(needed - data.keys()):
            raise ValidationError(f"needs {', '.join(missing)}", SCHEMA)
        first, optional = ("url", set()) if "url" in data else ("vendor", {"endpoint"})
        if beside := sorted(data.keys() - needed - optional - OF_EVERY_CHANNEL):
            raise ValidationError(f"has no use for {', '.join(beside)} beside {first}", SCHEMA)
        if "vendor" in data and (data["kind"], data["address"]) != ("sms", PHONE):
            raise ValidationError(f'a vendor sends text messages: its kind is "sms" and its address "{PHONE}"', SCHEMA)


_CHANNELS = ChannelSchema(many=True)


def configured(path: Path) -> tuple[Channel, ...]:
    """The channels of the file, in its order, which is that in which those of a kind take over from each other.

    Raises `BadChannels`.
    """
    found = listed(path, _CHANNELS, BadChannels)
    names = [each["name"] for each in found]
    if len(set(names)) < len(names):
        raise BadChannels(f"{path}: two channels have the same name")
    try:
        return tuple(_made(each) for each in found)
    except BadChannels as error:
        raise BadChannels(f"{path}: {error.args[0]}") from None


def _made(each: Mapping[str, Any]) -> Channel:
    # These libraries cost a second and some 60 MB: only who uses one loads it.
    if "url" in each:
        from notify.channels.post import Post, unfit  # noqa: PLC0415

        if wrong := unfit(each["url"], each["address"]):
            raise BadChannels(f"{each['name']} {wrong}")
        return Post(each["name"], each["kind"], each["address"], each["url"])
    account = {name: each[name] for name in ("key_id", "key_secret", "sign")}
    account["endpoint"] = each.get("endpoint", VENDORS[each["vendor"]])
    texts = {name: Approved(one["code"], tuple(one["places"])) for name, one in each["texts"].items()}
    if each["vendor"] == "tencent":
        from notify.channels.tencent import Tencent  # noqa: PLC0415

        return Tencent(each["name"], app=each["app"], texts=texts, **account)
    from notify.channels.aliyun import Aliyun  # noqa: PLC0415

    return Aliyun(each["name"], texts=texts, **account)
