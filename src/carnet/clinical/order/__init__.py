"""Order in the jumble: titles people use, sentences, folds, episodes of care, what is new.

``gist`` says what is kept of a document, from the document alone; everything else is computed from
the documents of one view, so that what a caller may not see changes nothing of what they are told.
"""
