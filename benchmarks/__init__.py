"""Speed as ratios: every row runs its contenders interleaved in one process or on one machine, at one time."""
