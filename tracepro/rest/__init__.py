"""REST for plugins: routes are plain functions ``handler(call, request)`` in one transaction, like methods."""

from tracepro.rest.etag import check_if_match, etag_of
from tracepro.rest.problem import HttpProblem

__all__ = ["HttpProblem", "check_if_match", "etag_of"]
