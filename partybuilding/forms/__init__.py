"""Forms of Party work. Choices are limited to what the user reaches."""
