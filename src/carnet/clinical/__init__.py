"""What the documents of a record say: their facts, a summary of them, results over time.

Read-only, and computed from a view: with and without a document that its caller may not see, the
answers are the same. Carnet shows what documents say, it does not diagnose.
"""
