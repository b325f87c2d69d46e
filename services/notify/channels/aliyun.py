"""Text messages through Aliyun, by the vendor's own library."""

import json
from collections.abc import Mapping

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions
from requests import RequestException
from Tea.exceptions import TeaException, UnretryableException

from notify.channels.port import PHONE, Parcel, Unavailable, Undeliverable
from notify.channels.sms import Approved, approved, filled

CONNECT_MILLISECONDS = 5_000
READ_MILLISECONDS = 10_000

FOR_GOOD = frozenset({"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.MOBILE_COUNT_OVER_LIMIT"})
"""Codes of the vendor that say that this number will never be written to."""


class Aliyun:
    """One account with the vendor; it knows no idempotency key: `OutId` comes back in its reports only."""

    kind = "sms"
    address = PHONE

    def __init__(
        self, name: str, *, key_id: str, key_secret: str, sign: str, texts: Mapping[str, Approved], endpoint: str
    ) -> None:
        """`endpoint` is a host, or for tests a URL with its scheme."""
        self.name = name
        self._sign = sign
        self._texts = texts
        scheme, _, host = endpoint.rpartition("://")
        self._client = Client(
            Config(
                access_key_id=key_id, access_key_secret=key_secret, endpoint=host, protocol=(scheme or "https").upper()
            )
        )

    def send(self, parcel: Parcel) -> str:
        """The vendor's id of the message."""
        text = approved(self._texts, parcel.template)
        if text is None:
            raise Undeliverable("no_approved_text")
        request = SendSmsRequest(
            phone_numbers=parcel.to,
            sign_name=self._sign,
            template_code=text.code,
            template_param=json.dumps(filled(text, parcel), ensure_ascii=False),
            out_id=parcel.key[-255:],
        )
        runtime = RuntimeOptions(
            autoretry=False,
            max_attempts=1,
            connect_timeout=CONNECT_MILLISECONDS,
            read_timeout=READ_MILLISECONDS,
        )
        try:
            body = self._client.send_sms_with_options(request, runtime).body
        except (TeaException, UnretryableException, RequestException, OSError) as error:
            raise Unavailable(str(getattr(error, "code", None) or type(error).__name__)) from None
        if body.code == "OK":
            return str(body.biz_id)
        raise (Undeliverable if body.code in FOR_GOOD else Unavailable)(str(body.code))
