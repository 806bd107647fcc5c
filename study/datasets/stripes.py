"""Images of noisy stripes: what a convolution is for."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from typing_extensions import override

from study.datasets.dataset import Dataset, Samples


class Stripes(Dataset):
    """Images of stripes in noise: horizontal ones have label 0, vertical ones label 1.

    A stripe and the gap beside it are `period` pixels wide together. Brightness is +1 on a stripe
    and −1 between, shifted by a random phase, plus normal noise of standard deviation `noise`.
    """

    generator: Literal["stripes"] = Field(description="what makes the samples")
    samples: Annotated[int, Field(ge=2)] = Field(100, description="how many images")
    side: Annotated[int, Field(ge=2)] = Field(8, description="height and width in pixels")
    period: Annotated[int, Field(ge=2)] = Field(4, description="pixels from stripe to stripe")
    noise: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        1.0, description="standard deviation of the noise; stripes are at ±1"
    )

    @property
    @override
    def size(self) -> int:
        return self.samples

    @property
    @override
    def shape(self) -> tuple[int, ...]:
        return (self.side, self.side, 1)

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        y = rng.integers(2, size=(self.samples, 1)).astype(float)
        phase = rng.integers(self.period, size=(self.samples, 1))
        bright = (np.arange(self.side) + phase) % self.period < self.period / 2
        wave = np.where(bright, 1.0, -1.0)  # (samples, side)
        flat = np.broadcast_to(wave[:, :, None], (self.samples, self.side, self.side))
        image = np.where(y[:, :, None] == 0, flat, flat.transpose(0, 2, 1))
        noise = self.noise * rng.standard_normal(image.shape)
        return Samples((image + noise)[..., None], y)
