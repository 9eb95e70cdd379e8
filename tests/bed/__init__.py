"""The bed tests lie in: a real PostgreSQL, fresh databases of both kinds, a real Chromium."""
