"""`ModifierInterface`, and the calls that OVITO makes."""

from traits.api import HasTraits

from .data import DataCollection


class ModifierInterface(HasTraits):
    def modify(self, data, *, frame, input_slots, data_cache, pipeline_node, **kwargs):
        raise NotImplementedError


class Pipeline:
    def __init__(self, source):
        self.source, self.modifiers = source, []

    def compute(self, frame=0):
        data = self.source.compute(frame)
        for modifier in self.modifiers:
            compute(modifier, data, frame)
        return data


def compute(modifier, data, frame=0):
    """As the pipeline does: all arguments but the first by name, and one that today's versions do not have."""
    steps = modifier.modify(data, frame=frame, input_slots={}, data_cache=DataCollection(), pipeline_node=None, some_day=1)
    for _ in steps or ():
        pass
    return data
