"""Views as plain data: each loader takes a context and returns a frozen page, without a request or a template."""
