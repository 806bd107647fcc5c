"""The gradient check, for tests and teachers: back-propagation against differences."""
