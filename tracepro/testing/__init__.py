"""What tests of the core and of plugins share: fixtures, plants without a server, real servers, a clock."""
