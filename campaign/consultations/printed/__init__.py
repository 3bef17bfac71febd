"""A filing as files: one content, and what PDF, word processors, text and tables make of it."""
