"""Writing in the browser: forms over a Git working copy, signing in, review, beside the preview."""
