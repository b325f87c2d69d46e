"""The photo entrypoints: a ticket by request, the bytes over the internal port."""

import json
import secrets
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from eventlet import tpool
from nameko.timer import timer
from werkzeug.wrappers import Request, Response

from cases import photo, schemas
from cases.permission import THE_PUBLIC
from cases.photo_settings import photo_store
from cases.showing import view
from cases.showing.listing import tenants
from cases.showing.sight import sight
from cases.store import CaseStore
from cases.store.photo_bytes import Flow, flowing
from cases.store.photos import NAMED_WITHIN, PhotoStore
from cases.workbench import AGAIN_SECONDS, ANYBODYS_PLACES, PATIENCE_SECONDS, Workbench
from chassis.caller import Caller
from chassis.desk import Desk
from chassis.doorway import Doorway
from chassis.errors import Refusal
from chassis.http import http
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import Document
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]

log = structlog.get_logger()

KEPT_UNATTACHED = NAMED_WITHIN + timedelta(hours=1)
"""How long a photo that no case has taken is kept: longer than any command takes that may still name it."""

CLEAN_UP_SECONDS = 600
CLEANED_AT_ONCE = 100

WORKBENCH = Workbench()

ANYBODYS_WORKBENCH = Workbench(ANYBODYS_PLACES)
"""Of people without an account: however many pictures they send, those of all others have their places."""

DOOR_PATIENCE_SECONDS = 1.0
"""How long a photo waits at each door that follows: none of them takes long."""

TAKEN_IN = Doorway(8, patience=DOOR_PATIENCE_SECONDS, again=AGAIN_SECONDS)
LOOKED_AT = Doorway(2, patience=DOOR_PATIENCE_SECONDS, again=AGAIN_SECONDS)
GIVEN_OUT = Doorway(16, patience=PATIENCE_SECONDS, again=AGAIN_SECONDS)
"""How many photos are read, judged by their head, and sent at once: each is held in memory, of up to 15 MiB. Gateways
have a photo whole before they send it, and take one as fast as the network is, so nobody waits for a slow reader.
Thumbnails pass beside: they are small, and in the database whatever becomes of a bucket."""


class PhotoDesk(Desk):
    """Takes photos in and gives them out, each against a ticket that is good for once."""

    cases_kept: CaseStore
    photos: PhotoStore = Store(photo_store)

    @rpc
    def photo_ticket(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """A ticket for one transfer within a minute: `{ticket, expires_at}`; refuses `photo_not_found`."""
        who, asked = Caller.load(caller), load(schemas.TicketSchema(), body)
        if not who.roles:
            raise Refusal("not_permitted", act="photo")
        if asked["intent"] == "upload":
            return ticket(self.photos, "upload", owner=who.id, command=command_id)
        self._check_fetched(who, asked["photo_id"])
        return ticket(self.photos, "download", photo_id=asked["photo_id"], size=asked["size"])

    @rpc
    def check_photo(self, caller: Answer, photo_id: str) -> None:
        """Refuses `photo_not_found` where the caller may not fetch the photo."""
        self._check_fetched(Caller.load(caller), load(schemas.PhotoSchema(), {"photo_id": photo_id})["photo_id"])

    @rpc
    def anybodys_photo_ticket(self, command_id: str) -> Answer:
        """A ticket for one upload by somebody without an account, for a report of theirs: `{ticket, expires_at}`."""
        return ticket(self.photos, "upload", owner=THE_PUBLIC.id, command=command_id)

    @http("PUT", "/photos/<ticket>")  # type: ignore[untyped-decorator]  # nameko is untyped
    def take_in(self, request: Request, ticket: str) -> Response:
        """Keep the photo in the body: 201 with `{photo_id, media_type, width, height, size}`."""
        try:
            grant = self.photos.redeem(ticket, "upload")
            with TAKEN_IN.passing():
                content = request.stream.read(photo.MAX_BYTES + 1)
            cleaned = self._cleaned(content, anybodys=grant["owner"] == THE_PUBLIC.id)
            kept = self.photos.add(new_id(), grant["owner"], grant["command"], content, cleaned)
        except Refusal as refused:
            return _refused(refused)
        told = {name: kept[name] for name in ("media_type", "width", "height", "size")}
        return _json({"photo_id": kept["_id"], **told}, 201)

    @http("GET", "/photos/<ticket>")  # type: ignore[untyped-decorator]  # nameko is untyped
    def give_out(self, request: Request, ticket: str) -> Response:
        """The bytes of a photo in the size that the ticket is for."""
        try:
            grant = self.photos.redeem(ticket, "download")
            with ExitStack() as on_the_way:
                if grant["size"] != photo.THUMBNAIL:
                    on_the_way.enter_context(GIVEN_OUT.passing())
                response = self._given_out(grant)
                response.call_on_close(on_the_way.pop_all().close)
        except Refusal as refused:
            return _refused(refused)
        return response

    @timer(interval=CLEAN_UP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def clean_up(self) -> None:
        """Remove photos that were uploaded and never named in a report or an act."""
        before = datetime.now(UTC) - KEPT_UNATTACHED
        for photo_id in self.photos.unattached(before, CLEANED_AT_ONCE):
            case = self.cases_kept.with_photo(photo_id)
            # A process that died between the two writes leaves a photo of a case without its mark.
            if case is None:
                self.photos.forget(photo_id)
            else:
                self.photos.attach([photo_id], case.id, anonymous=case.reporter.anonymous)

    def _cleaned(self, content: bytes, *, anybodys: bool) -> photo.Photo:
        bench, most = (ANYBODYS_WORKBENCH, photo.ANYBODYS_MAX_PIXELS) if anybodys else (WORKBENCH, photo.MAX_PIXELS)
        with LOOKED_AT.passing():
            weight = tpool.execute(photo.weight, content, most)
        with bench.room(weight):
            made: photo.Photo = tpool.execute(photo.cleaned, content, most)
        return made

    def _given_out(self, grant: Document) -> Response:
        kept = self.photos.describe(grant["photo_id"])
        flow = self._content(kept, grant["size"]) if kept else None
        if kept is None or flow is None:
            raise Refusal("photo_not_found", photo_id=grant["photo_id"])
        # The length tells whoever fetches it that a photo whose store goes away in the middle has not come whole.
        length = {"Content-Length": str(flow.length)}
        return Response(flow.pieces, content_type=kept["media_type"], headers=length)

    def _content(self, kept: Document, size: str) -> Flow | None:
        """The bytes in that size; the medium one is made when it is first asked for, of a photo that is larger."""
        if size != photo.MEDIUM:
            return self.photos.open(kept["_id"], size)
        if max(kept["width"], kept["height"]) <= photo.MEDIUM_SIDE:
            return self.photos.open(kept["_id"], photo.FULL)
        return self.photos.open(kept["_id"], photo.MEDIUM) or self._made_medium(kept)

    def _made_medium(self, kept: Document) -> Flow | None:
        full = self.photos.read(kept["_id"], photo.FULL)
        if full is None:
            return None
        with WORKBENCH.room(photo.weight_of(kept["media_type"], kept["width"], kept["height"])):
            made: bytes = tpool.execute(photo.medium, full, kept["media_type"])
        self.photos.keep_medium(kept["_id"], made)
        return flowing(made)

    def _check_fetched(self, who: Caller, photo_id: str) -> None:
        if not self._may_fetch(who, photo_id):
            raise Refusal("photo_not_found", photo_id=photo_id)

    def _may_fetch(self, who: Caller, photo_id: str) -> bool:
        """Whose case shows it to them; before it has found its case, who uploaded it."""
        case = self.cases_kept.with_photo(photo_id, tenants(who))
        if case is not None:
            return photo_id in view.visible_photos(case, who, sight(case, who))
        kept = self.photos.describe(photo_id)
        return kept is not None and who.is_(kept["owner"]) and kept["case_id"] is None


def ticket(photos: PhotoStore, purpose: str, **grant: Any) -> Answer:
    """A ticket for one transfer within a minute, as the gateway is given it: `{ticket, expires_at}`."""
    made = secrets.token_urlsafe(32)
    return {"ticket": made, "expires_at": written(photos.issue(made, purpose, **grant))}


def _refused(refused: Refusal) -> Response:
    """The gateway makes of it what it makes of every refusal; the log says what made the picture unreadable."""
    cause = type(refused.__cause__).__name__ if refused.__cause__ else None
    log.info("a photo was refused", code=refused.code, cause=cause)
    return _json(refused.dump(), 422)


def _json(body: Answer, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
