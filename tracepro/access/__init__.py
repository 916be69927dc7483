"""Who may call: tokens, the anonymous policy and throttling."""
