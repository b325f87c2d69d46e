"""What members refuses about signing in with identity providers, and about identities that are linked."""

from collections.abc import Mapping

from gateway.problems.problem import CHECK_ID, Problem, row

BEGIN_AGAIN = ("请重新开始登录。", "Begin the sign-in anew.")
TELL_OPERATOR = (
    "请改用验证码或密码登录，并把 request_id 告知管理员。",
    "Sign in by code or password, and tell the request_id to who runs the system.",
)


def _token(zh: str, en: str) -> Problem:
    """What is wrong with an ID token is nothing that its bearer can mend."""
    return row(401, (zh, en), TELL_OPERATOR)


IDENTITY_PROVIDERS: Mapping[str, Problem] = {
    "unknown_identity_provider": row(
        422,
        ("没有这个登录方式", "There is no such identity provider"),
        ("可用的见 GET /v1/identity-providers。", "GET /v1/identity-providers lists those that there are."),
    ),
    "unknown_redirect_uri": row(
        422,
        ("返回地址未登记", "The page to come back to is not registered"),
        ("请使用其中之一：{known}。", "Take one of {known}."),
    ),
    "identity_provider_away": row(
        503,
        ("身份提供方暂时无法访问", "The identity provider does not answer"),
        (
            "请稍后重试，或改用验证码或密码登录。",
            "Try again shortly, or sign in by code or password.",
        ),
    ),
    "identity_provider_unfit": row(
        502, ("身份提供方的应答无法使用", "The identity provider answers what cannot be used"), TELL_OPERATOR
    ),
    "identity_provider_mixed_up": row(
        401, ("应答来自另一个身份提供方", "The answer is another provider's"), BEGIN_AGAIN
    ),
    "provider_sign_in_not_begun": row(
        401,
        ("此浏览器没有开始过这次登录", "This browser has not begun that sign-in, with that provider"),
        BEGIN_AGAIN,
    ),
    "provider_sign_in_over": row(401, ("登录等待超时", "The sign-in was begun too long ago"), BEGIN_AGAIN),
    "provider_sign_in_used": row(401, ("这次登录已使用过", "The sign-in was used"), BEGIN_AGAIN),
    "provider_code_refused": row(
        401, ("身份提供方不接受该代码", "The identity provider does not accept the code"), BEGIN_AGAIN
    ),
    "id_token_malformed": _token("身份令牌无法解析", "The ID token cannot be read"),
    "id_token_algorithm": _token("身份令牌的签名算法不被接受", "The algorithm of the ID token is not accepted"),
    "id_token_key": _token("身份令牌的签名密钥未知", "The ID token is signed with a key that is not known"),
    "id_token_signature": _token("身份令牌的签名不正确", "The signature of the ID token is wrong"),
    "id_token_issuer": _token("身份令牌由他方签发", "The ID token is of another issuer"),
    "id_token_audience": _token("身份令牌不是发给本系统的", "The ID token is for somebody else"),
    "id_token_expired": _token("身份令牌已过期", "The ID token has expired"),
    "id_token_too_early": _token("身份令牌尚未生效", "The ID token is not good yet"),
    "id_token_nonce": _token("身份令牌属于另一次登录", "The ID token belongs to another sign-in"),
    "id_token_subject": _token("身份令牌没有说明是谁", "The ID token does not say whom it speaks of"),
    "identity_not_linked": row(
        401,
        ("该身份尚未关联本系统的账号", "That identity is linked to nobody here"),
        (
            "请先用验证码或密码登录一次，再在 /v1/me/linked-identities 关联该身份。",
            "Sign in once by code or password, and link it at /v1/me/linked-identities.",
        ),
    ),
    "identity_linked": row(
        409, ("您已关联该身份", "You have linked that identity"), ("无需再次关联。", "There is nothing to do.")
    ),
    "identity_linked_elsewhere": row(
        409,
        ("该身份已关联他人", "That identity is linked to somebody else"),
        (
            "请用该身份登录，解除关联后再试；如两个登记都是您本人，请办公室合并。",
            "Sign in with it and unlink it first; if both entries are yours, an office joins them.",
        ),
    ),
    "too_many_identities": row(
        409,
        ("关联的身份过多", "Too many identities are linked"),
        ("最多 {most} 个，请先解除不用的。", "You may have {most}: unlink one that you do not need."),
    ),
    "identity_not_found": row(404, ("没有找到该关联", "You have no such identity"), CHECK_ID),
    "last_way_in": row(
        409,
        ("这是您唯一的登录方式", "It is the only way in which you can sign in"),
        ("请先绑定手机号，或关联另一个身份。", "Enter a phone of yours first, or link another identity."),
    ),
}
