"""REST for plugins: routes are plain functions ``handler(call, request)`` in one transaction, like methods."""

from tracepro.rest.etag import check_if_match, etag_of
from tracepro.rest.problem import HttpProblem
from tracepro.rest.request import Reply, Request

__all__ = ["HttpProblem", "Reply", "Request", "check_if_match", "etag_of"]
