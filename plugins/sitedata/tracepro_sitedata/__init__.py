"""What a terminal asks about the site: basic data, parameters, constants, user data."""
