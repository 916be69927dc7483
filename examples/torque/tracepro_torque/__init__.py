"""Screw torques: a step passes only with torques inside its limits."""
