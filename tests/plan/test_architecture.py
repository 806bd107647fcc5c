"""A network as data: its shapes and its costs, as a hand counts them."""

from study.plan.architecture import Architecture, architecture, training_samples
from study.plan.trials import planned
from tests.pipelines import small

CONVOLUTION = "{convolution = {channels = 4, kernel = [3, 2]}}"
IMAGES = f"""
name = "images"
[datasets.stripes]
generator = "stripes"
samples = 40
side = 8
test_fraction = 0.25
[model]
hidden = [16]
layers = [{CONVOLUTION}, "flatten"]
"""


def network(*overrides: str, text: str) -> Architecture:
    pipeline = small(*overrides, text=text)
    return architecture(pipeline, planned(pipeline).runs[0])


def test_the_labs_network_is_counted() -> None:
    lab = network(text='name = "lab"\n[datasets.xor]\ngenerator = "xor"')
    assert lab.name == "2-128-64-1"
    assert lab.parameters == (2 + 1) * 128 + (128 + 1) * 64 + 64 + 1 == 8705
    assert lab.products == 2 * 128 + 128 * 64 + 64
    assert lab.numbers == 3 + 129 + 65 + 2


def test_a_convolution_is_counted() -> None:
    images = network(text=IMAGES)
    assert images.name == "8x8x1-6x7x4-16-1"
    assert images.parameters == (3 * 2 + 1) * 4 + (168 + 1) * 16 + 17
    assert images.products == 42 * 6 * 4 + 168 * 16 + 16
    assert images.numbers == 8 * 8 * 2 + 6 * 7 * 5 + 17 + 2


def test_a_convolution_sees_what_the_one_before_it_leaves() -> None:
    two = f"{CONVOLUTION}, {{convolution = {{channels = 3, kernel = [3, 3]}}}}"
    assert network(text=IMAGES.replace(CONVOLUTION, two)).name == "8x8x1-6x7x4-4x5x3-16-1"


def test_images_without_convolution_are_flattened() -> None:
    assert network("model.layers=[]", text=IMAGES).name == "8x8x1-16-1"


def test_the_held_out_samples_are_not_trained_on() -> None:
    pipeline = small(text=IMAGES)
    assert training_samples(pipeline, planned(pipeline).runs[0]) == 30
