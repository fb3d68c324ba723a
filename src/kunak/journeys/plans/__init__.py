"""Plans from the first wish to the step that is next: made beside the desk, approved by two, held against what was changed since."""
