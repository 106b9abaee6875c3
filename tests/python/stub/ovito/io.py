"""`FileReaderInterface`, and the calls that OVITO makes."""

from traits.api import HasTraits

from .data import DataCollection


class FileReaderInterface(HasTraits):
    def parse(self, data, *, filename, url, frame_index, frame_info, is_new_file, **kwargs):
        raise NotImplementedError


def import_file(filename):
    """A pipeline of the file, by the reader that an installed package offers."""
    from denoise_insitu.ovito import DnzFileReader

    from .pipeline import Pipeline

    return Pipeline(Source(DnzFileReader, filename))


class Source:
    """A file that a reader of this class has been found for, as by import_file()."""

    def __init__(self, reader_class, filename):
        if reader_class.detect(filename) is not True:
            raise RuntimeError("The file has an unknown format.")
        self.reader, self.filename, self.frames, self.labels = reader_class(), filename, [], []
        self.reader.scan(filename, self._register_frame)

    def _register_frame(self, frame_info=None, label=None):
        assert label is None or type(label) in (int, float, str)
        self.frames.append(frame_info)
        self.labels.append(label)

    def compute(self, frame=0):
        data = DataCollection()
        self.reader.parse(data, filename=self.filename, url=f"file://{self.filename}", frame_index=frame, frame_info=self.frames[frame],
                          is_new_file=frame == 0, some_day=1)
        return data
