"""Text messages through Tencent Cloud, by the vendor's own library."""

from collections.abc import Mapping

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

from notify.channels.port import PHONE, Parcel, Unavailable, Undeliverable
from notify.channels.sms import Approved, approved, filled

SECONDS = 10
REGION = "ap-guangzhou"

FOR_GOOD = frozenset(
    {
        "FailedOperation.PhoneNumberInBlacklist",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "UnsupportedOperation.UnsupportedRegion",
    }
)
"""Codes of the vendor that say that this number will never be written to."""


class Tencent:
    """One account with the vendor; it knows no idempotency key: the session context comes back in its reports only."""

    kind = "sms"
    address = PHONE

    def __init__(
        self,
        name: str,
        *,
        key_id: str,
        key_secret: str,
        app: str,
        sign: str,
        texts: Mapping[str, Approved],
        endpoint: str,
    ) -> None:
        """`endpoint` is a host, or for tests a URL with its scheme."""
        self.name = name
        self._app, self._sign, self._texts = app, sign, texts
        scheme, _, host = endpoint.rpartition("://")
        http = HttpProfile(protocol=scheme or "https", endpoint=host, reqTimeout=SECONDS)
        self._client = SmsClient(Credential(key_id, key_secret), REGION, ClientProfile(httpProfile=http))

    def send(self, parcel: Parcel) -> str:
        """The vendor's id of the message."""
        text = approved(self._texts, parcel.template)
        if text is None:
            raise Undeliverable("no_approved_text")
        request = SendSmsRequest()
        request.SmsSdkAppId, request.SignName, request.TemplateId = self._app, self._sign, text.code
        request.PhoneNumberSet = [f"+86{parcel.to}"]
        request.TemplateParamSet = list(filled(text, parcel).values())
        request.SessionContext = parcel.key[-500:]
        try:
            [status] = self._client.SendSms(request).SendStatusSet
        except (TencentCloudSDKException, OSError) as error:
            raise Unavailable(str(getattr(error, "code", None) or type(error).__name__)) from None
        if status.Code == "Ok":
            return str(status.SerialNo)
        raise (Undeliverable if status.Code in FOR_GOOD else Unavailable)(str(status.Code))
