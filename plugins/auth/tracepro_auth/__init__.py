"""Users, their passwords and groups: people who are not workers at a terminal."""
