"""The formula language of definitions: conditions and calculations over ids.

:func:`~questionnaires.formula.parsing.parse` reads a text into a :mod:`tree <questionnaires.formula.tree>`;
:func:`~questionnaires.formula.kinds.check` finds what does not fit the definition it stands in.
"""
