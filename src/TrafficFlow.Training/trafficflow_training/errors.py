"""One kind of error for what a user can mend; it is printed without a stack trace."""


class RecipeError(Exception):
    """Says what was expected, what was found and what to do. The command line prints it and exits with 1."""
