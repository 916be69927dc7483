"""The two configuration files and the environment."""
