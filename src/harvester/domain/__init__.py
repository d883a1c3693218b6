"""The words every room shares: money, financial years, places, documents, problems, errors.

Standard library only. Nothing here reads a file, a clock or a database.
"""
