"""The entrypoints of releases: showing a photo to everybody, taking it back, and fetching one as anybody."""

from typing import Any

from cases.case import Case
from cases.photo_desk import ticket
from cases.releases.release import check_releasable, check_releases, is_for_everybody
from cases.releases.schemas import PublicPhotoSchema, ReleaseSchema
from cases.releases.store import ReleaseStore
from cases.schemas import PhotoSchema
from cases.showing import view
from cases.showing.listing import tenants
from cases.showing.sight import sight
from cases.store import CaseStore, PhotoStore
from cases.trail import TrailDesk
from chassis.caller import Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]


class ReleaseDesk(TrailDesk):
    """Releases photos to everybody; each time it is in the audit trail first (docs/domain.md §5)."""

    cases_kept: CaseStore
    photos: PhotoStore
    releases: ReleaseStore = Store(ReleaseStore)

    @rpc
    def release_photo(self, caller: Answer, command_id: str, photo_id: str, **body: Any) -> Answer:
        """Show a photo to everybody: `{photo_id, released_at}`. One that is released already stays as it is.

        Refuses `invalid`, `photo_not_found`, `not_permitted`, `photo_not_for_everybody` and `command_id_reused`.
        """
        given = load(ReleaseSchema(), {"photo_id": photo_id, **body})
        asked = self._asked(caller, command_id, {"act": "release", **given})
        if answer := self.releases.answered(asked):
            return answer
        case, role = self._case_with_photo(asked.caller, photo_id)
        check_releasable(case, photo_id)
        since = self.releases.released_at(photo_id)
        if since is None:
            self._audit_release(asked, "photo.released", role, case, photo_id)
        return self.releases.note(photo_id, asked, since or asked.now)

    @rpc
    def take_back_photo(self, caller: Answer, command_id: str, photo_id: str) -> Answer:
        """Show it to everybody no longer: `{photo_id, released_at}`, which is None. It may be done twice.

        Also of a case that has turned out to be sensitive. Refuses `photo_not_found`, `not_permitted` and
        `command_id_reused`.
        """
        given = load(PhotoSchema(), {"photo_id": photo_id})
        asked = self._asked(caller, command_id, {"act": "take_back", **given})
        if answer := self.releases.answered(asked):
            return answer
        case, role = self._case_with_photo(asked.caller, photo_id)
        if self.releases.released_at(photo_id) is not None:
            self._audit_release(asked, "photo.taken_back", role, case, photo_id)
        return self.releases.note(photo_id, asked, None)

    @rpc
    def public_photo_ticket(self, **body: Any) -> Answer:
        """A ticket for a photo as anybody may fetch it: `{ticket, expires_at}`; refuses `photo_not_found`.

        Whether the case still is for everybody is looked up each time: one may turn out to be sensitive.
        """
        asked = load(PublicPhotoSchema(), body)
        photo_id = asked["photo_id"]
        case = self.cases_kept.with_photo(photo_id) if self.releases.released_at(photo_id) else None
        if case is None or not is_for_everybody(case, photo_id):
            raise Refusal("photo_not_found", photo_id=photo_id)
        return ticket(self.photos, "download", photo_id=photo_id, size=asked["size"])

    def _case_with_photo(self, who: Caller, photo_id: str) -> tuple[Case, str]:
        """The case of a photo that the caller sees, and the role in which they release it."""
        case = self.cases_kept.with_photo(photo_id, tenants(who))
        if case is None or photo_id not in view.visible_photos(case, who, sight(case, who)):
            raise Refusal("photo_not_found", photo_id=photo_id)
        return case, check_releases(case, who)

    def _audit_release(self, asked: Asked, act: str, role: str, case: Case, photo_id: str) -> None:
        areas = self._audit_areas(case.place.grid_code)
        self._audit_asked(asked, act, role, ("photo", photo_id), areas, case_id=case.id)
