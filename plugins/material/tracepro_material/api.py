"""What other plugins may use of this one: labels read with the separators that their scanner did not send."""

from tracepro_material.separators import restore as restore_separators

__all__ = ["restore_separators"]
