"""Pictures of replacements, tools and assemblies."""

from __future__ import annotations

from tracepro_hookspecs import Route
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.images import MEDIA_TYPES
from tracepro_tooling.pictures import LARGEST, Pictures
from tracepro_tooling.replacements import REPLACEMENTS
from tracepro_tooling.resource import Resource
from tracepro_tooling.tools import TOOLS


def _routes(kind: Resource, folder: str, plant_wide: bool) -> list[Route]:
    pictures, line_from = Pictures(kind), (kind.id_name,)
    unknown = {404: f"There is no such {kind.what}."}
    path = f"{folder}{{{kind.id_name}}}/image"
    return [
        Route(
            "GET",
            path,
            pictures.show,
            "read",
            f"Shows the image of one {kind.what}.",
            answer_types=MEDIA_TYPES,
            etag=True,
            statuses={**unknown, 412: "There is no image."},
            line_from=line_from,
        ),
        Route(
            "POST",
            path,
            pictures.put,
            "write",
            f"Sets the image of one {kind.what}.",
            answer=kind.answer(),
            raw_limit=LARGEST,
            media_types=MEDIA_TYPES,
            prepare=pictures.checked,
            etag=True,
            if_match=True,
            statuses={
                **unknown,
                413: f"The image is larger than {LARGEST} bytes.",
                415: "It is not one whole image of the type that it was sent as.",
            },
            line_from=line_from,
            plant_wide=plant_wide,
        ),
        Route(
            "DELETE",
            path,
            pictures.remove,
            "write",
            f"Takes the image of one {kind.what} away.",
            answer=kind.answer(),
            etag=True,
            if_match=True,
            statuses=unknown,
            line_from=line_from,
            plant_wide=plant_wide,
        ),
    ]


ROUTES: list[Route] = [
    *_routes(REPLACEMENTS, "/api/tools/replacements/", False),
    *_routes(TOOLS, "/api/tools/", True),
    *_routes(ASSEMBLIES, "/api/tools/assemblies/", True),
]
