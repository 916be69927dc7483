"""How a site asks a directory of its own: a plugin that binds with the name and the password, as LDAP does."""

import pytest

from tracepro_hookspecs import hookimpl

PASSWORD = "correct horse"


class InvalidCredentials(Exception):
    """What a directory raises when name and password are not a pair."""


class FakeDirectory:
    """A directory server: people by distinguished name; an empty password binds as nobody, and succeeds."""

    people = {"uid=chief,ou=people,dc=plant": ("s3cret", "C. Chief", ["chiefs"])}
    down = False

    def __init__(self):
        self.asked = []

    def bind(self, dn, password):
        """Return full name and groups. Raises InvalidCredentials, or OSError when the server is down."""
        self.asked.append(dn)
        if self.down:
            raise OSError("ldaps://10.9.8.7:636 refused")
        if not password:
            return "", []
        right, fullname, groups = self.people.get(dn, (None, "", []))
        if right != password:
            raise InvalidCredentials
        return fullname, groups


class DirectoryPlugin:
    """Knows the users of a directory; None for those it doesn't know, an exception when it can't be asked."""

    def __init__(self, directory):
        self.directory = directory

    @hookimpl
    def tracepro_authenticate_user(self, username, password):
        if not username.isalnum():  # what has a meaning inside a distinguished name doesn't get there
            return None
        try:
            fullname, groups = self.directory.bind(f"uid={username},ou=people,dc=plant", password)
        except InvalidCredentials:
            return None
        return {"username": username, "fullname": fullname, "groups": groups}


@pytest.fixture
def directory():
    return FakeDirectory()


@pytest.fixture
def plant(make_plant, directory, users):
    plugins = ("auth", "ldap")
    return make_plant(plugins, {"users": users}, extra={"ldap": DirectoryPlugin(directory)})


def test_a_user_of_the_directory_is_known_with_its_groups(plant):
    chief = {"username": "chief", "fullname": "C. Chief", "groups": ["chiefs"]}
    assert plant.call("userauth", "chief", "s3cret") == chief


def test_an_own_user_is_asked_of_nobody_else(plant, directory):
    assert plant.call("userauth", "planner", PASSWORD)["fullname"] == "P. Novak"
    assert directory.asked == []


@pytest.mark.parametrize(
    ("username", "password", "asked"),
    [("chief", "wrong", 1), ("chief", "", 0), ("nobody", "", 0), ("former", "s3cret", 0), ("a,b=c", "x", 0)],
)
def test_a_wrong_one_is_refused_as_everywhere(plant, refusal, directory, username, password, asked):
    directory.people = {**directory.people, "uid=former,ou=people,dc=plant": ("s3cret", "F", [])}
    assert refusal(plant, username, password) == (1003, "auth-failed")
    assert len(directory.asked) == asked


def test_guesses_at_the_directory_are_counted_too(plant, refusal, directory):
    for number in range(10):
        refusal(plant, "chief", f"wrong {number}")
    assert refusal(plant, "chief", "s3cret") == (-32003, "throttled")
    assert len(directory.asked) == 10


def test_a_directory_that_is_down_is_named_and_nothing_is_counted(plant, refusal, directory):
    directory.down = True
    for _ in range(11):
        error = plant.error("userauth", "chief", "s3cret")
        assert error["data"]["reasons"][0]["plugin"] == "ldap"
        assert (error["code"], error["data"]["code"]) == (1000, "plugin-failed")
        assert "10.9.8.7" not in str(error) and "s3cret" not in str(error)
    assert plant.call("userauth", "planner", PASSWORD)
    directory.down = False
    assert plant.call("userauth", "chief", "s3cret")


@pytest.mark.parametrize(
    "answer", [True, {"username": "chief"}, {"username": 1, "fullname": "", "groups": []}]
)
def test_an_answer_of_another_form_is_nobody(make_plant, answer):
    class Broken:
        @hookimpl
        def tracepro_authenticate_user(self):
            return answer

    plant = make_plant(("auth", "broken"), extra={"broken": Broken()})
    assert plant.error("userauth", "chief", "x")["data"]["code"] == "plugin-failed"


def test_the_order_of_plugins_ini_says_who_is_asked_first(make_plant, directory, users):
    directory.people = {"uid=planner,ou=people,dc=plant": (PASSWORD, "of the directory", [])}
    plant = make_plant(("ldap", "auth"), {"users": users}, extra={"ldap": DirectoryPlugin(directory)})
    assert plant.call("userauth", "planner", PASSWORD)["fullname"] == "of the directory"
