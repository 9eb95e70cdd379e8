"""Tests of the kernel and of the project's own rules; an addon's tests lie in the addon."""
