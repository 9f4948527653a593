"""Forms for writing in the browser: their settings, made from the schema of content, for Sveltia CMS and Decap CMS."""

from builder.content.forms.config import form_config
from builder.content.forms.context import Choice, FormContext, Program
from builder.content.forms.hosts import backend_of, can_review
from builder.content.forms.reading import branch_choices, read_form_context, topic_choices

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
