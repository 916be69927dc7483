"""What other plugins may use of this one: labels, lots and what is loaded where.

``restore_separators`` reads labels with the separators that their scanner did not send, ``lot_ids`` looks lots up in sets,
``loaded_lots`` tells what is in the holes of a workplace.
"""

from tracepro_material.lots import ids as lot_ids
from tracepro_material.reels import loaded_lots
from tracepro_material.separators import restore as restore_separators

__all__ = ["loaded_lots", "lot_ids", "restore_separators"]
