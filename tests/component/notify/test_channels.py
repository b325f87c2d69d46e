"""Every kind of channel against a real server of its protocol: what arrives there, and what a failure is called."""

import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from io import StringIO
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import eventlet
import pytest
from aiosmtpd.controller import Controller

from dev.ports import free_port
from notify.channels.aliyun import Aliyun
from notify.channels.configured import BadChannels, configured
from notify.channels.port import Channel, Parcel, Unavailable, Undeliverable
from notify.channels.post import Post, listening
from notify.channels.sms import Approved
from notify.channels.tencent import Tencent
from tests.component.notify.receiver import Receiver, Reply
from tests.waiting import eventually

PARCEL = Parcel("m-1", "12000000001", "registered", "zh-CN", "已立案", "您反映的路灯问题已立案。")
TEXTS = {"one_time_code": Approved("T1", ("code",)), "*": Approved("T2", ("title", "body"))}
CODE = Parcel("m-2", "12000000001", "one_time_code", "zh-CN", "验证码", "…", {"code": "123456"})


class Postbox:
    """Keeps what an SMTP server is given; refuses it when told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return self.answer


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def mail(port: int, scheme: str = "mailto") -> Channel:
    return Post(
        "mail", "email", "email", f"{scheme}://127.0.0.1:{port}/?from=no-reply@example.org&to={{to}}&mode=insecure"
    )


def aliyun(receiver: Receiver) -> Channel:
    host = urlsplit(receiver.url).netloc
    return Aliyun("aliyun", key_id="id", key_secret="s3cret", sign="三单", texts=TEXTS, endpoint=f"http://{host}")


def tencent(receiver: Receiver) -> Channel:
    host = urlsplit(receiver.url).netloc
    return Tencent(
        "tencent", key_id="id", key_secret="s3cret", app="14", sign="三单", texts=TEXTS, endpoint=f"http://{host}"
    )


def replying(body: Any) -> Reply:
    return Reply(200, {"content-type": "application/json"}, json.dumps(body).encode())


def of_tencent(code: str) -> Reply:
    status = {"SerialNo": "serial-1", "PhoneNumber": "+8612000000001", "Fee": 1, "Code": code, "Message": ""}
    return replying({"Response": {"SendStatusSet": [status], "RequestId": "r"}})


def test_an_email_arrives_with_title_and_body(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    channel = mail(port)
    assert channel.send(Parcel("m-1", "xie@example.org", "registered", "zh-CN", "已立案", "您的问题已立案。")) == ""
    [message] = box.messages
    assert (message["subject"], message["to"]) == ("已立案", "xie@example.org")
    content = message.get_body()
    assert content is not None
    assert "您的问题已立案。" in content.get_content()


LINK = "https://sandan.example/v1/unsubscribe/" + "gAAAAAB-_" * 20 + "=="


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", "不再接收此类消息："), ("en", "To stop messages of this kind: ")]
)
def test_an_email_tells_how_to_stop_more_of_its_kind(postbox: tuple[Postbox, int], language: str, words: str) -> None:
    """RFC 8058 §3.1: both headers, one https URL; and the same link for who reads the text alone."""
    box, port = postbox
    mail(port).send(Parcel("m-1", "xie@example.org", "assigned", language, "t", "b", unsubscribe=LINK))
    [message] = box.messages
    assert message["list-unsubscribe"] == f"<{LINK}>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    content = message.get_body()
    assert content is not None
    assert content.get_content().split() == ["b", *f"{words}{LINK}".split()]


@pytest.mark.parametrize("scheme", ["MAILTO", "MailTo"])
def test_an_email_tells_how_to_stop_more_of_its_kind_however_its_url_is_written(
    postbox: tuple[Postbox, int], scheme: str
) -> None:
    box, port = postbox
    mail(port, scheme).send(Parcel("m-1", "xie@example.org", "assigned", "en", "t", "b", unsubscribe=LINK))
    assert box.messages[0]["list-unsubscribe"] == f"<{LINK}>"
    assert box.messages[0]["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_an_email_that_nobody_can_decline_has_no_link(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    mail(port).send(Parcel("m-1", "xie@example.org", "registered", "zh-CN", "t", "b"))
    assert {name.lower() for name in box.messages[0]}.isdisjoint({"list-unsubscribe", "list-unsubscribe-post"})


def test_a_push_has_no_room_for_the_link(receiver: Receiver) -> None:
    channel = Post("ntfy", "app", "ntfy", f"ntfy://127.0.0.1:{receiver.port}/{{to}}?mode=private")
    channel.send(Parcel("m-1", "topic7", "assigned", "zh-CN", "t", "b", unsubscribe=LINK))
    assert "unsubscribe" not in str(receiver.got[0])


def test_a_mail_server_that_takes_nothing_is_tried_again(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    box.answer = "451 later"
    channel = mail(port)
    with pytest.raises(Unavailable):
        channel.send(Parcel("m-1", "xie@example.org", "registered", "zh-CN", "t", "b"))


def test_an_address_that_is_none_is_refused_for_good() -> None:
    channel = Post("group", "wechat", "wecom", "wecombot://{to}")
    with pytest.raises(Undeliverable, match="no_such_address"):
        channel.send(Parcel("m-1", "no key!", "registered", "zh-CN", "t", "b"))


def test_a_push_arrives_at_the_topic_of_the_person(receiver: Receiver) -> None:
    channel = Post("ntfy", "app", "ntfy", f"ntfy://127.0.0.1:{receiver.port}/{{to}}?mode=private")
    assert channel.send(Parcel("m-1", "topic7", "registered", "zh-CN", "已立案", "正文")) == ""
    told = json.loads(receiver.got[0].body)
    assert (told["topic"], told["title"], told["message"]) == ("topic7", "已立案", "正文")


def test_a_push_to_a_phone_through_bark_carries_the_key_of_its_owner(receiver: Receiver) -> None:
    channel = Post("bark", "app", "bark", f"bark://127.0.0.1:{receiver.port}/{{to}}")
    channel.send(Parcel("m-1", "devicekey", "registered", "zh-CN", "已立案", "正文"))
    assert json.loads(receiver.got[0].body)["device_key"] == "devicekey"


@pytest.mark.parametrize("status", [401, 429, 500])
def test_what_a_push_service_does_not_take_tells_its_status_and_no_secret(receiver: Receiver, status: int) -> None:
    receiver.replies = [Reply(status)]
    channel = Post("ntfy", "app", "ntfy", f"ntfy://user:s3cret@127.0.0.1:{receiver.port}/{{to}}?mode=private")
    with pytest.raises(Unavailable) as failed:
        channel.send(Parcel("m-1", "topic7", "registered", "zh-CN", "t", "b"))
    assert str(failed.value) == f"http_{status}"


def test_what_a_push_service_says_of_one_message_is_not_said_of_another(receiver: Receiver) -> None:
    """Both are under way at once; the second fails first."""
    waits = Event()
    channel = Post("ntfy", "app", "ntfy", f"ntfy://127.0.0.1:{receiver.port}/{{to}}?mode=private")
    receiver.replies = [Reply(500, wait=waits), Reply(401)]
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(channel.send, Parcel("m-1", "topic7", "registered", "zh-CN", "t", "b"))
        assert eventually(lambda: len(receiver.got) == 1)
        with pytest.raises(Unavailable, match="http_401"):
            channel.send(Parcel("m-2", "topic8", "registered", "zh-CN", "t", "b"))
        waits.set()
        with pytest.raises(Unavailable, match="http_500"):
            slow.result()


def test_each_greenlet_hears_what_is_said_of_its_own_message_and_the_log_nothing() -> None:
    logged = StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)

    def send(status: int) -> list[str]:
        with listening() as said:
            eventlet.sleep(0)
            logging.getLogger("apprise").warning("error=%s", status)
            eventlet.sleep(0)
        return said

    try:
        assert list(eventlet.GreenPool().imap(send, (401, 500))) == [["error=401"], ["error=500"]]
    finally:
        logging.getLogger().removeHandler(handler)
    assert logged.getvalue() == ""


def test_aliyun_is_asked_for_the_approved_text_with_its_places_filled(receiver: Receiver) -> None:
    receiver.replies = [replying({"Code": "OK", "BizId": "biz-1", "Message": "OK", "RequestId": "r"})]
    assert aliyun(receiver).send(CODE) == "biz-1"
    asked = parse_qs(urlsplit(receiver.got[0].path).query) | parse_qs(receiver.got[0].body.decode())
    assert (asked["PhoneNumbers"], asked["TemplateCode"]) == (["12000000001"], ["T1"])
    assert json.loads(asked["TemplateParam"][0]) == {"code": "123456"}
    assert asked["OutId"] == ["m-2"]
    assert "s3cret" not in str(receiver.got[0])


def test_tencent_is_asked_for_the_approved_text_with_its_places_filled(receiver: Receiver) -> None:
    receiver.replies = [of_tencent("Ok")]
    assert tencent(receiver).send(PARCEL) == "serial-1"
    asked = json.loads(receiver.got[0].body)
    assert (asked["PhoneNumberSet"], asked["TemplateId"]) == (["+8612000000001"], "T2")
    assert asked["TemplateParamSet"] == [PARCEL.title, PARCEL.body]
    assert "s3cret" not in str(receiver.got[0])


@pytest.mark.parametrize(
    ("code", "error"),
    [("isv.MOBILE_NUMBER_ILLEGAL", Undeliverable), ("isv.BUSINESS_LIMIT_CONTROL", Unavailable)],
)
def test_aliyun_says_whether_it_is_for_good(receiver: Receiver, code: str, error: type[Exception]) -> None:
    receiver.replies = [replying({"Code": code, "Message": "12000000001", "RequestId": "r"})]
    with pytest.raises(error) as failed:
        aliyun(receiver).send(PARCEL)
    assert str(failed.value) == code


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", Undeliverable),
        ("LimitExceeded.PhoneNumberDailyLimit", Unavailable),
    ],
)
def test_tencent_says_whether_it_is_for_good(receiver: Receiver, code: str, error: type[Exception]) -> None:
    receiver.replies = [of_tencent(code)]
    with pytest.raises(error) as failed:
        tencent(receiver).send(PARCEL)
    assert str(failed.value) == code


@pytest.mark.parametrize("vendor", [aliyun, tencent])
@pytest.mark.parametrize("reply", [Reply(500), Reply(200, body=b"<html>"), Reply(403, body=b"{}")])
def test_a_vendor_in_trouble_is_tried_again_and_only_once_a_round(
    receiver: Receiver, vendor: Callable[[Receiver], Channel], reply: Reply
) -> None:
    receiver.replies = [reply]
    with pytest.raises(Unavailable):
        vendor(receiver).send(PARCEL)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("vendor", [aliyun, tencent])
def test_a_vendor_that_is_not_there_is_tried_again(receiver: Receiver, vendor: Callable[[Receiver], Channel]) -> None:
    channel = vendor(receiver)
    receiver.stop()
    with pytest.raises(Unavailable):
        channel.send(PARCEL)


def test_without_an_approved_text_nothing_is_asked(receiver: Receiver) -> None:
    host = urlsplit(receiver.url).netloc
    channel = Aliyun("a", key_id="id", key_secret="k", sign="三单", texts={}, endpoint=f"http://{host}")
    with pytest.raises(Undeliverable, match="no_approved_text"):
        channel.send(PARCEL)
    assert receiver.got == []


ACCOUNT = {"kind": "sms", "key_id": "i", "key_secret": "s3cret", "sign": "三单", "texts": {"*": {"code": "T"}}}


def written(path: Path, listed: Any) -> Path:
    file = path / "channels.json"
    file.write_text(listed if isinstance(listed, str) else json.dumps(listed), "utf-8")
    return file


def test_the_file_gives_the_channels_in_its_order(tmp_path: Path) -> None:
    listed = [
        {"name": "first", "vendor": "aliyun", **ACCOUNT},
        {"name": "second", "vendor": "tencent", "app": "14", **ACCOUNT},
        {"name": "push", "kind": "app", "address": "ntfy", "url": "ntfys://h/{to}"},
    ]
    found = configured(written(tmp_path, listed))
    assert [(each.name, each.kind, each.address) for each in found] == [
        ("first", "sms", "phone"),
        ("second", "sms", "phone"),
        ("push", "app", "ntfy"),
    ]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("{s3cret", "is no JSON"),
        ([{"name": "x", "vendor": "tencent", **ACCOUNT}], "needs app"),
        ([{"name": "x", "kind": "sms", "key_secret": "s3cret"}], "needs key_id, sign, texts, vendor"),
        ([{"name": "x", "kind": "fax", "url": "s3cret://"}], "kind"),
        ([{"name": "x", "kind": "app", "address": "pager", "url": "s3cret://"}], "address"),
        ([{"name": "x", "kind": "app", "url": "ntfy://h/{to}"}] * 2, "the same name"),
        ([{"name": "x", "kind": "app", "url": "ntfy://s3cret"}], "one address would get everybody's messages"),
        ([{"name": "x", "kind": "app", "url": "ntfyy://s3cret/{to}"}], "x has a url that apprise has no service for"),
        ([{"name": "x", "vendor": "aliyun", **ACCOUNT, "texts": {"*": {"code": "T", "places": ["titel"]}}}], "places"),
        ([{"name": "x", "vendor": "aliyun", **ACCOUNT, "texts": {"registred": {"code": "T"}}}], "is no template"),
        ([{"name": "x", "vendor": "aliyun", **ACCOUNT, "kind": "app"}], "a vendor sends text messages"),
        ([{"name": "x", "vendor": "aliyun", **ACCOUNT, "address": "email"}], "a vendor sends text messages"),
        ([{"name": "x", "vendor": "aliyun", **ACCOUNT, "app": "14"}], "has no use for app beside vendor"),
        (
            [{"name": "x", "vendor": "aliyun", **ACCOUNT, "url": "ntfy://h/{to}"}],
            "has no use for key_id, key_secret, sign",
        ),
        ([{"name": "x", "kind": "app", "url": "ntfy://h/{to}", "sign": "三单"}], "has no use for sign beside url"),
        ([{"name": "x", "kind": "console", "url": "ntfy://h/{to}"}], "kind"),
        ([{"name": "x", "kind": "email", "url": "mailto://u:s3cret@h.cn?to={to}"}], 'needs the address "email"'),
        ([{"name": "x", "kind": "email", "address": "email", "url": "mailto://{to}"}], "its service cannot use"),
        (
            [{"name": "x", "kind": "email", "address": "email", "url": "mailto://u:s3cret@{to}"}],
            "its service cannot use",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_without_telling_a_secret(tmp_path: Path, listed: Any, said: str) -> None:
    with pytest.raises(BadChannels) as refused:
        configured(written(tmp_path, listed))
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "address", "url"),
    [
        ("email", "email", "mailtos://user:password@smtp.example.cn?from=no-reply@example.cn&to={to}"),
        ("app", "bark", "barks://api.example.cn/{to}"),
        ("wechat", "wecom", "wecombot://{to}"),
        ("wechat", "dingtalk", "dingtalk://{to}"),
        ("wechat", "feishu", "feishu://{to}"),
        ("wechat", "feishu", "lark://{to}"),
        ("wechat", "wecom", "wecombot://?key={to}"),
        ("app", "ntfy", "ntfys://u:password@push.example.cn/{to}"),
        ("app", "ntfy", "ntfys://push.example.cn?to={to}"),
        ("email", "email", "mailtos://user:password@smtp.example.cn/{to}"),
        ("sms", "phone", "json://gateway.example.cn/{to}"),
        ("sms", "phone", "json://gateway.example.cn/send?:phone={to}"),
        ("sms", "phone", "form://gateway.example.cn/send?-phone={to}"),
        ("sms", "phone", "xml://gateway.example.cn/{to}/send"),
        ("sms", "phone", f"twilio://AC{'0' * 32}:{'0' * 32}@12000000009/+86{{to}}"),
    ],
)
def test_a_url_that_leads_to_its_sort_of_address_is_taken(tmp_path: Path, kind: str, address: str, url: str) -> None:
    [made] = configured(written(tmp_path, [{"name": "x", "kind": kind, "address": address, "url": url}]))
    assert (made.kind, made.address) == (kind, address)


MAIL = "mailtos://u:s3cret@smtp.example.cn?from=no-reply@example.cn"


@pytest.mark.parametrize(
    ("kind", "address", "url"),
    [
        ("email", "email", f"{MAIL}&too={{to}}"),
        ("email", "email", f"{MAIL}&reply={{to}}"),
        ("email", "email", f"{MAIL}&cc={{to}}"),
        ("email", "email", f"{MAIL}&to={{to}},boss@example.cn"),
        ("email", "email", f"{MAIL}&cc=boss@example.cn&to={{to}}"),
        ("email", "email", f"{MAIL}&bcc=boss@example.cn&to={{to}}"),
        ("email", "email", f"{MAIL}&name={{to}}&to=boss@example.cn"),
        ("email", "email", f"{MAIL}&name={{to}}&to=name@example.cn"),
        ("app", "ntfy", "ntfys://push.example.cn/all?x={to}"),
        ("app", "ntfy", "ntfys://u:{to}@push.example.cn/topic"),
        ("app", "ntfy", "ntfys://push.example.cn/all/{to}"),
        ("app", "ntfy", "ntfys://push.example.cn/all-{to}"),
        ("app", "ntfy", "ntfys://push.example.cn/{to}?email=boss@example.cn"),
        ("app", "bark", "barks://api.example.cn/boss0000/{to}"),
        ("app", "bark", "barks://api.example.cn/boss0000?group={to}"),
        ("wechat", "wecom", f"wecombot://{'1' * 32}?x={{to}}"),
        ("wechat", "dingtalk", f"dingtalk://{'1' * 64}/{{to}}"),
        ("wechat", "phone", f"dingtalk://{'1' * 64}/{{to}}"),
        ("wechat", "dingtalk", f"dingtalk://{{to}}@{'1' * 64}"),
        ("wechat", "feishu", f"feishu://{'1' * 32}?x={{to}}"),
        ("wechat", "feishu", f"lark://{'1' * 32}?x={{to}}"),
        ("sms", "phone", "json://gateway.example.cn/send?to={to}"),
        ("sms", "phone", "json://gateway.example.cn/send?rto={to}"),
        ("sms", "phone", "json://u:{to}@gateway.example.cn/send"),
        ("sms", "phone", "form://gateway.example.cn/send?phone={to}"),
        ("sms", "phone", "xml://gateway.example.cn/send?phone={to}"),
        ("sms", "phone", f"twilio://AC{'0' * 32}:{'0' * 32}@{{to}}/12000000009"),
    ],
)
def test_a_url_that_leads_to_somebody_else_is_refused(tmp_path: Path, kind: str, address: str, url: str) -> None:
    """One address gets everybody's messages where `{to}` is no recipient, and others do where they stand beside it."""
    with pytest.raises(BadChannels, match="is not sent to the person alone") as refused:
        configured(written(tmp_path, [{"name": "x", "kind": kind, "address": address, "url": url}]))
    assert "s3cret" not in str(refused.value)
    assert "boss" not in str(refused.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadChannels, match=r"^CHANNELS_FILE: .*missing\.json"):
        configured(tmp_path / "missing.json")
