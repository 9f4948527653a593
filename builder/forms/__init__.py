"""Forms for writing in the browser: their settings, made from the schema of content, for Sveltia CMS and Decap CMS."""

from builder.forms.config import form_config
from builder.forms.context import Choice, FormContext, Program
from builder.forms.hosts import backend_of, can_review
from builder.forms.reading import branch_choices, read_form_context, topic_choices

__all__ = [
    "Choice",
    "FormContext",
    "Program",
    "backend_of",
    "branch_choices",
    "can_review",
    "form_config",
    "read_form_context",
    "topic_choices",
]
