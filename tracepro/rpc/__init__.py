"""JSON-RPC 2.0: strict parsing, envelope, methods with their schemas, and the dispatcher (bytes to bytes)."""
