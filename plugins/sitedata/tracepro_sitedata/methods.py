"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import narrowed_by
from tracepro_hookspecs import Call, Method
from tracepro_schemas import defs
from tracepro_sitedata import basic_data, user_data


@narrowed_by("name", "ask for single objects with the method of their plugin")
def getbasicdata(call: Call, name: str) -> Sequence[Any]:
    """Return the objects of a kind of basic data."""
    return basic_data.rows(call, name)


def setbasicdata(call: Call, name: str, id: int, key: str, value: Any) -> Any:
    """Change a property of an object of basic data and return the object."""
    return basic_data.change(call, name, id, key, value)


def getsiteparams(call: Call) -> dict[str, dict[str, Any]]:
    """Return the public values of parameters.ini by section."""
    return call.public_parameters()


def getdefs(call: Call) -> dict[str, int]:
    """Return the constants of the API by name."""
    return defs.constants()


def getuserdata(call: Call, name: str, clazz: str) -> dict[str, Any] | None:
    """Return public user data, or null."""
    return user_data.find(call, clazz, name)


@narrowed_by("clazz", "divide the names among several classes")
def queryuserdata(call: Call, clazz: str) -> list[str]:
    """Return the names of the public user data of a class."""
    return user_data.names(call, clazz)


def setuserdata(call: Call, name: str, clazz: str, value: Any, public: bool = True) -> dict[str, Any]:
    """Keep a value under a name within a class."""
    return user_data.put(call, clazz, name, value, public=public)


METHODS = [
    Method("getbasicdata", getbasicdata, "read"),
    Method("setbasicdata", setbasicdata, "write", plant_wide=True),
    Method("getsiteparams", getsiteparams, "read"),
    Method("getdefs", getdefs, "read"),
    Method("getuserdata", getuserdata, "read"),
    Method("queryuserdata", queryuserdata, "read"),
    Method("setuserdata", setuserdata, "write", plant_wide=True),
]
