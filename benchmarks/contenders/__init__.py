"""What the server is measured against."""
