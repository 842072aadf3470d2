"""A plan as a bundle of FHIR resources. Pure: content says which, `filling` fills them."""

from guide.plans.fhir.filling import Export, bundle

__all__ = ["Export", "bundle"]
