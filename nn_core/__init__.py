"""The network: back-propagation in NumPy, by hand, for one network or a stack of them."""
