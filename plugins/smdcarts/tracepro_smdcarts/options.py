"""What a plant may set about carts, for all its lines or for one."""

from __future__ import annotations

from tracepro_hookspecs import Option

OPTIONS = [
    Option(
        "cart_check",
        False,
        "Refuse a step while a cart that is listed for it is not docked at the workplace's machine.",
        bool,
    ),
]
