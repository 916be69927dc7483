"""What answers must look like."""


def whole_error(answer, code):
    """Asserts that a body got one error without an id."""
    assert answer["id"] is None
    assert answer["error"]["code"] == code
    assert "result" not in answer
    assert isinstance(answer["error"]["data"], dict)
    assert answer["error"]["message"].endswith(".")
