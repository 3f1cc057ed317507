"""The beats of lessons whose chapter would grow too long; the chapter keeps their tables of contents."""
