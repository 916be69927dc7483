"""Readings are found by their time: what an oven had when a unit went through it."""


def migrate(schema):
    schema.define('CREATE INDEX "ovens_reading_wp_id_tm" ON "ovens_reading" ("wp_id", "tm")')
