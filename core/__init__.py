"""The kernel of Girih: how things are declared, shown, guarded and changed."""

__version__ = "0.1.0"
