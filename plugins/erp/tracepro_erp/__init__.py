"""What the ERP must hear, in a queue that loses nothing."""
