"""The HTML that every page wears: templates, forms, headers, languages."""
