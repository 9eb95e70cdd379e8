"""What tests of addons stand on: databases with addons in them, people of every role, records, and `AddonTest`.

An addon's tests import from here and from nowhere else in the kernel; the fixtures come with the pytest plugin
`core.testing.plugin`.
"""

import pytest

# before they are imported, so that their failures show values
pytest.register_assert_rewrite(f"{__name__}.checks_schema", f"{__name__}.checks_rights", f"{__name__}.checks_words")
pytest.register_assert_rewrite(f"{__name__}.checks_views", f"{__name__}.checks_pages")

from .addon_test import AddonTest  # noqa: E402
from .factories import make, make_many  # noqa: E402
from .house import House  # noqa: E402
from .statements import count_statements  # noqa: E402

__all__ = ["AddonTest", "House", "count_statements", "make", "make_many"]
