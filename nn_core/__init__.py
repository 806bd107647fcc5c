"""The network: back-propagation in NumPy, by hand, for one network or a stack of them.

`Sequential` holds layers: `Linear`, `Conv2D`, `Flatten` and the activations. The tables
`ACTIVATIONS`, `LOSSES`, `OPTIMIZERS`, `INITIALIZERS`, `BIAS_INITIALIZERS` and `SCHEDULES` list the
rest by the names that pipeline files use. `check_gradient` compares back-propagation with finite
differences.

>>> import numpy as np
>>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
>>> y = np.array([[0.0], [1.0], [1.0], [0.0]])
>>> network = Sequential([Linear(2, 8), Tanh(), Linear(8, 1), Sigmoid()], stack=(3,))
>>> network.initialize(standard_normal, rng=np.random.default_rng(0))
>>> loss, optimizer = MSELoss(), Adam(network, lr=[1e-4, 1e-2, 1e-1])  # one for each network
>>> for epoch in range(300):
...     y_pred = network(x)
...     value = loss(y_pred, y)
...     network.backward(loss.backward(y_pred, y), grad_input=False)
...     optimizer.step()
>>> value.round(3)
array([0.31 , 0.018, 0.   ])
"""

from nn_core.activations import (
    ACTIVATIONS,
    ELU,
    Activation,
    LeakyReLU,
    NoActivation,
    ReLU,
    Sigmoid,
    SoftSign,
    Tanh,
)
from nn_core.check import GradientCheck, check_gradient
from nn_core.convolution import Conv2D, Flatten
from nn_core.initializers import (
    BIAS_INITIALIZERS,
    INITIALIZERS,
    he,
    standard_normal,
    uniform,
    xavier,
    zeros,
)
from nn_core.layer import Array, Initializer, Layer, Rows, Shape
from nn_core.linear import Linear
from nn_core.loss import Loss
from nn_core.losses import (
    LOSSES,
    BinaryCrossEntropyLoss,
    MAELoss,
    MSELoss,
    SoftmaxCrossEntropyLoss,
)
from nn_core.optimizer import Optimizer
from nn_core.optimizers import OPTIMIZERS, SGD, AdaGrad, Adam, RMSprop
from nn_core.schedules import SCHEDULES
from nn_core.sequential import Sequential

__all__ = [
    "ACTIVATIONS",
    "BIAS_INITIALIZERS",
    "ELU",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "Activation",
    "AdaGrad",
    "Adam",
    "Array",
    "BinaryCrossEntropyLoss",
    "Conv2D",
    "Flatten",
    "GradientCheck",
    "Initializer",
    "Layer",
    "LeakyReLU",
    "Linear",
    "Loss",
    "MAELoss",
    "MSELoss",
    "NoActivation",
    "Optimizer",
    "RMSprop",
    "ReLU",
    "Rows",
    "Sequential",
    "Shape",
    "Sigmoid",
    "SoftSign",
    "SoftmaxCrossEntropyLoss",
    "Tanh",
    "check_gradient",
    "he",
    "standard_normal",
    "uniform",
    "xavier",
    "zeros",
]
