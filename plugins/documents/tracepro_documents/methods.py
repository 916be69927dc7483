"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from base64 import b64encode

from tracepro_documents import files, options
from tracepro_hookspecs import Call, Method


def getstddocs(call: Call) -> dict[str, str]:
    """Return the paths of the standard documents by their symbolic names."""
    return {name: str(path) for name, path in options.documents(call).items()}


def getdocfile(call: Call, full_path: str) -> str:
    """Return a file below the allowed folders in base64."""
    return b64encode(files.read(full_path, options.readable(call))).decode()


METHODS = [Method("getstddocs", getstddocs, "read"), Method("getdocfile", getdocfile, "read")]
