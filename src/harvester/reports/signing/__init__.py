"""Texts laid out to be signed, sealed by the operator's key, and checked: PDF by Typst and pyHanko."""
