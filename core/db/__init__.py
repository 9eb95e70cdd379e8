"""Engines, sessions, the guard that puts rights into every statement, and the schema that follows the models."""
