"""The JSON-RPC methods; their parameters and results are described in schemas/ovens.json."""

from tracepro_ovens import readings


def setoventemperature(call, wp_id, celsius):
    return readings.add(call, wp_id, celsius)


def getoventemperature(call, wp_id):
    return readings.latest(call, wp_id)
