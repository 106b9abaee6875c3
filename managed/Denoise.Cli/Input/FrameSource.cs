using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Trajectories;

namespace Denoise.Cli.Input;

/// <summary>
/// The wanted frames of all inputs, by their number: whoever asks for some of them passes over the others, and all count alike.
/// </summary>
/// <param name="files">what is read, in this order</param>
/// <param name="range">what is wanted</param>
/// <param name="skipsBad">whether damaged frames are given up, or end the run</param>
/// <param name="warn">told of what is odd in the files</param>
internal sealed class FrameSource(IReadOnlyList<string> files, FrameRange range, bool skipsBad, Action<Warning> warn) : IDisposable
{
    private readonly long[] _sizes = new long[files.Count];
    private TrajectoryReader? _reader;
    private int _files;
    private int _told;
    private long _next;
    private long _sizeBefore;
    private long _sizeOfAll;

    /// <summary>The file that the last frame is in.</summary>
    public string File { get; private set; } = files[0];

    /// <summary>Number of the last frame among all of all inputs, from 0.</summary>
    public long Index => _next - 1;

    /// <summary>Where the last frame is, as messages put it.</summary>
    public string Place => _reader is null ? "" : $"frame {_reader.FramesRead} begins at byte {_reader.FrameOffset}";

    /// <summary>How much has been read, from 0 to 1; null where nobody knows.</summary>
    public double? Progress
    {
        get
        {
            if (_reader is null || _sizeOfAll == 0)
                return null;
            double here = _sizes[_files - 1] * (_reader.Progress ?? 0);
            double bytes = (_sizeBefore + here) / _sizeOfAll;
            // Frames behind the last wanted one are not read.
            return range.End == long.MaxValue || range.End <= range.Begin ? bytes
                : Math.Max(bytes, (double)(_next - range.Begin) / (range.End - range.Begin));
        }
    }

    /// <summary>Whether all inputs are there, before hours of work on the first.</summary>
    /// <exception cref="InputException">one is missing or is a folder</exception>
    public void Check()
    {
        for (int f = 0; f < files.Count; f++)
        {
            if (files[f] == InputFiles.StandardInput)
                continue;
            FileStatus? status = null;
            try
            {
                status = FileStatus.Of(files[f]);
            }
            catch (IOException)
            {
                // Opening it says why.
            }

            if (status is null or { IsFolder: true })
                TrajectoryReader.Open(files[f]).Dispose();
            else
                _sizes[f] = (long)status.Value.Size;
        }

        _sizeOfAll = _sizes.Sum();
        if (files[0] != InputFiles.StandardInput)
            OpenNext();
    }

    /// <summary>Reads a wanted frame, which must be behind the last one.</summary>
    /// <param name="k">its number among the wanted ones, from 0</param>
    /// <param name="frame">is filled</param>
    /// <returns>false: there are not so many</returns>
    /// <exception cref="BadFrameException">it cannot be read, and the run may go on behind it</exception>
    /// <exception cref="InputException">it, or one before it, cannot be read</exception>
    public bool Read(long k, Frame frame)
    {
        if (range.At(k) is not { } wanted)
            return false;
        while (_reader is not null || OpenNext())
        {
            bool isWanted = _next == wanted;
            try
            {
                if (!(isWanted ? _reader!.Read(frame) : _reader!.Skip()))
                {
                    Tell();
                    Close();
                    continue;
                }

                _next++;
                Tell();
                if (isWanted)
                    return true;
            }
            catch (InputException failure)
            {
                Tell();
                if (!skipsBad)
                    throw;
                GiveUp(failure, isWanted);
            }
        }

        return false;
    }

    public void Dispose() => _reader?.Dispose();

    private void GiveUp(InputException failure, bool isWanted)
    {
        _next++;
        string sentence = failure.Message.TrimEnd('.');
        if (!_reader!.Recover())
        {
            sentence += $"; nobody can say where in {File} the next one begins, so that the rest of it is left out";
            if (!isWanted)
                warn(new(sentence, sentence + "."));
            Close();
        }

        if (isWanted)
            throw new BadFrameException(sentence, failure);
    }

    private bool OpenNext()
    {
        if (_files == files.Count)
            return false;
        File = files[_files++];
        _told = 0;
        _reader = File == InputFiles.StandardInput
            ? TrajectoryReader.Open(Console.OpenStandardInput(), "standard input")
            : TrajectoryReader.Open(File);
        return true;
    }

    private void Close()
    {
        _reader!.Dispose();
        _reader = null;
        _sizeBefore += _sizes[_files - 1];
    }

    private void Tell()
    {
        for (; _told < _reader!.Warnings.Count; _told++)
        {
            string text = _reader.Warnings[_told];
            // The same of another frame of the file is the same.
            string rest = text.StartsWith(File, StringComparison.Ordinal) ? text[File.Length..] : text;
            warn(new(File + string.Concat(rest.Select(c => char.IsAsciiDigit(c) ? '#' : c)), text));
        }
    }
}
