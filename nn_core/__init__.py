"""The network: back-propagation in NumPy, by hand, for one network or a stack of them."""

from nn_core.activations import ACTIVATIONS, NoActivation, ReLU, Sigmoid, SoftSign, Tanh
from nn_core.initializers import INITIALIZERS, he, standard_normal, xavier
from nn_core.layer import Layer
from nn_core.linear import Linear
from nn_core.losses import LOSSES, MSELoss
from nn_core.optimizers import OPTIMIZERS, SGD, Adam
from nn_core.sequential import Sequential

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "SGD",
    "Adam",
    "Layer",
    "Linear",
    "MSELoss",
    "NoActivation",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "SoftSign",
    "Tanh",
    "he",
    "standard_normal",
    "xavier",
]
