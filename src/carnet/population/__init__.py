"""Invents people and their records: the demo's handful, written by hand, later whole populations.

Nobody here exists. INS are of the test range, structures and professionals are invented, and every
document is made by Carnet's own builders. What comes out is fed through the gate like any other.
"""
