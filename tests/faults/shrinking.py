"""What is left of a body that is a fault when all is left out that has no part in it."""

MOST_TRIES = 600


def shrunk(body, is_fault):
    """Return a smaller body that is a fault as well: pieces are left out as long as it stays one."""
    size, tries = max(1, len(body) // 2), 0
    while size and tries < MOST_TRIES:
        at = 0
        while at < len(body) and tries < MOST_TRIES:
            less, tries = body[:at] + body[at + size :], tries + 1
            if is_fault(less):
                body = less
            else:
                at += size
        size //= 2
    return body
