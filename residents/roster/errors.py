"""Why a whole file is refused."""


class RosterFileError(ValueError):
    """A file that cannot be read at all; `message_zh` is one clear sentence for the user."""

    def __init__(self, message_zh: str) -> None:
        super().__init__(message_zh)
        self.message_zh = message_zh
