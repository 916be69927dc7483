"""What other plugins may use of this one."""

from tracepro_lines.lines import line_names, line_of

__all__ = ["line_names", "line_of"]
