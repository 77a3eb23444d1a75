"""The authority's certificate as iPhones and iPads take it: a configuration profile."""

from __future__ import annotations

import plistlib
import uuid

from salon.core.https.authority import Authority


def profile_of(authority: Authority) -> bytes:
    """The same authority gives the same profile, so that installing it again replaces it."""
    about = {
        "PayloadDisplayName": authority.name,
        "PayloadDescription": "Lets this device know the Salon server in its own network, and nothing beyond it.",
        "PayloadVersion": 1,
    }
    certificate = {
        **about,
        "PayloadType": "com.apple.security.root",
        "PayloadIdentifier": f"salon.authority.{_id(authority, 'certificate')}",
        "PayloadUUID": _id(authority, "certificate"),
        "PayloadCertificateFileName": "salon.crt",
        "PayloadContent": authority.der,
    }
    return plistlib.dumps(
        {
            **about,
            "PayloadType": "Configuration",
            "PayloadIdentifier": f"salon.profile.{_id(authority, 'profile')}",
            "PayloadUUID": _id(authority, "profile"),
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [certificate],
        }
    )


def _id(authority: Authority, part: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{authority.fingerprint} {part}")).upper()
