"""Forms of the councils: the desk, the minutes, the residents."""
