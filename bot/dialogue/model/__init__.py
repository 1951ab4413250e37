"""What a domain declares, as frozen values: slots, mappings, forms, responses. No file, no conversation."""
