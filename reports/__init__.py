"""How a scorecard looks on paper and on a page, and how a paper is sealed and examined.

Knows no database, no web request and no user. Importing this package is cheap: WeasyPrint, pikepdf and pyHanko
are imported by the functions that need them, so that a machine without Pango can do everything but make a PDF.
"""
