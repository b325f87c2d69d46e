"""The HTTP application: routes, sign-in, errors, headers and limits around a way to the services that it is given."""

from flask import Flask

from gateway import access, compression, identity, origins, problem_answers, proxies, rates
from gateway.code_spans import with_code
from gateway.cursors import Cursors
from gateway.facade import Services
from gateway.openapi import CONFIGURATION, Outcomes, Specification
from gateway.photo_bytes import PhotoBytes
from gateway.photo_links import PURPOSE, PhotoLinks
from gateway.readiness import Readiness
from gateway.routes import (
    activities,
    anonymous_reports,
    api_keys,
    assets,
    attendance,
    audit_trail,
    bookings,
    calendar_feeds,
    calendars,
    calls,
    case_policies,
    cases,
    certificate_checks,
    certificates,
    charts,
    compound_pages,
    coverage,
    discovery,
    drawing,
    evaluations,
    events,
    feedback,
    force,
    health,
    hours,
    identity_providers,
    imports,
    inbox,
    indicators,
    intake_sessions,
    ledgers,
    match_lists,
    mechanisms,
    member_policies,
    message_templates,
    messages,
    open311,
    patrols,
    people,
    photo_links,
    photos,
    preferences,
    programs,
    public_photos,
    registrations,
    registry,
    rosters,
    rotation,
    rounds,
    second_factor,
    series,
    service_points,
    sessions,
    staffing,
    stars,
    station_uses,
    stations,
    streams,
    subscriptions,
    summons,
    surveys,
    territory,
    tracking,
    trends,
    units,
    unsubscribing,
    venues,
    words,
    workers,
)
from gateway.settings import Settings
from gateway.tokens import Tokens
from gateway.transfers import Asked, Transfers

BODY_LIMIT = 1024 * 1024
"""Bytes of a JSON body."""

GROUPS = (
    sessions,
    second_factor,
    identity_providers,
    cases,
    words,
    anonymous_reports,
    tracking,
    assets,
    compound_pages,
    intake_sessions,
    ledgers,
    match_lists,
    mechanisms,
    case_policies,
    summons,
    surveys,
    photos,
    photo_links,
    public_photos,
    message_templates,
    patrols,
    people,
    registry,
    force,
    registrations,
    service_points,
    member_policies,
    evaluations,
    hours,
    rosters,
    stars,
    api_keys,
    programs,
    certificates,
    certificate_checks,
    territory,
    drawing,
    workers,
    rounds,
    units,
    staffing,
    venues,
    activities,
    bookings,
    series,
    rotation,
    attendance,
    feedback,
    calendars,
    calls,
    calendar_feeds,
    stations,
    station_uses,
    coverage,
    imports,
    trends,
    indicators,
    charts,
    inbox,
    preferences,
    unsubscribing,
    messages,
    audit_trail,
    subscriptions,
    events,
    streams,
)


def create_app(services: Services, settings: Settings) -> Flask:
    """The application; `services` may be anything that answers like them, so tests need no broker."""
    app = Flask("gateway", static_folder=None)
    app.request_class = Asked
    app.config.update(CONFIGURATION, MAX_CONTENT_LENGTH=BODY_LIMIT)
    app.url_map.merge_slashes = False
    app.add_template_filter(with_code)
    tokens = Tokens(settings.token_key, settings.access_seconds)
    app.extensions |= {
        "services": services,
        "settings": settings,
        "tokens": tokens,
        "cursors": Cursors(tokens.secrets_for("cursors")),
        "photo_bytes": PhotoBytes(settings.cases_urls, settings.internal_ca_file),
        "transfers": Transfers(),
        "photo_links": PhotoLinks(tokens.secrets_for(PURPOSE)),
        "readiness": Readiness(settings.service_urls, settings.internal_ca_file),
    }
    proxies.believe(app, settings.proxies)
    problem_answers.register(app)
    access.register(app)
    compression.register(app)
    origins.register(app, settings.web_origins)
    rates.count_addresses(app, settings)
    app.before_request(identity.identify)
    rates.register(app, settings)
    _route(app)
    return app


def _route(app: Flask) -> None:
    specification = Specification(app, spec_kwargs={"extra_plugins": [Outcomes()]})
    for group in GROUPS:
        specification.register_blueprint(group.routes)
    specification.register_blueprint(health.routes)
    discovery.register(app, specification)
    open311.register(app)
