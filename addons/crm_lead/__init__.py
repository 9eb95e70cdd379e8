"""Sales: leads, opportunities and the pipeline they go through."""

from core.manifest import Manifest

MANIFEST = Manifest(
    name="crm_lead",
    title="Sales",
    version="0.1.0",
    summary="Leads and opportunities, followed through the stages of a pipeline until they are won or lost",
    depends=("contacts",),
    category="Sales",
    core=">=0.1",
    icon="target-arrow",
)
