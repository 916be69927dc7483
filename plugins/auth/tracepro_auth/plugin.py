"""What this plugin brings: hook implementations only, each one calling the feature."""

from __future__ import annotations
