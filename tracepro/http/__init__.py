"""The HTTP side: a Falcon app that reads and answers, and the gunicorn processes that serve it."""
