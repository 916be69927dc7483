"""Units, the operations recorded on them, and the interlock that lets them through."""
