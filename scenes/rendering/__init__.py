"""From lessons to files: what a rendered lesson is, and how lessons are rendered."""
