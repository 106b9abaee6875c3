using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>
/// Reads the frames of a file one after the other, each into the caller's frame, so that a trajectory of any length needs the
/// memory of one frame. Files may be compressed with gzip or zstd; the format follows from the content.
/// </summary>
public abstract class TrajectoryReader : IDisposable
{
    private const int MostWarnings = 20;

    private readonly List<string> _warnings = [];
    private InputException? _failure;
    private Frame? _passedOver;

    private protected TrajectoryReader(LineScanner scanner) => Scanner = scanner;

    public string Path => Scanner.Path;

    public abstract TrajectoryFormat Format { get; }

    /// <summary>Frames that are behind: delivered, skipped or given up.</summary>
    public long FramesRead { get; private set; }

    /// <summary>Where the last frame, or the one that failed, begins: bytes of the content, decompressed.</summary>
    public long FrameOffset { get; private set; }

    /// <summary>Bytes of the content, decompressed, that are behind.</summary>
    public long Offset => Scanner.Offset;

    /// <summary>Bytes of the file itself that were read, some of them ahead; null where it is none.</summary>
    public long? FilePosition => Source is { CanSeek: true } ? Source.Position : null;

    /// <summary>Whether the file turned out to end in the middle of a frame.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>How much of the file has been read, from 0 to 1; null where its length is not known.</summary>
    public double? Progress => Source is { CanSeek: true, Length: > 0 } ? (double)Source.Position / Source.Length : null;

    /// <summary>Sentences about what is odd in the file but not wrong.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Whether, of a frame that is damaged or cut, what is whole is delivered; only .dnz files have parts.</summary>
    public bool Salvages { get; set; }

    /// <summary>
    /// Largest distance of a coordinate from the original, as the file promises it for the last frame, Å; null: it does not.
    /// </summary>
    public virtual double? Bound => null;

    /// <summary>Opposite corners of what is wanted, Å; a reader may leave out atoms that are not in it, and need not.</summary>
    public (Vec3 Low, Vec3 High)? Region { get; set; }

    /// <summary>The file itself, beneath the decompression.</summary>
    internal Stream? Source { get; set; }

    /// <summary>Whether places in the content are none in the file.</summary>
    internal bool IsCompressed { get; set; }

    private protected LineScanner Scanner { get; }

    /// <summary>Opens a file in any of <see cref="TrajectoryFormats"/>, compressed with gzip or zstd or not.</summary>
    /// <exception cref="InputException">missing, not readable, empty, or in none of the formats</exception>
    public static TrajectoryReader Open(string path) => ReaderFactory.Open(path);

    /// <summary>The same from a stream, which the reader disposes; the path serves the messages and the format's detection.</summary>
    public static TrajectoryReader Open(Stream stream, string path) => ReaderFactory.Open(stream, path);

    /// <summary>
    /// Replaces the content of <paramref name="frame"/> by the next frame of the file. False at the end of the file, the frame
    /// then being empty.
    /// </summary>
    /// <exception cref="InputException">something in the file is wrong or missing; the frames read before are good</exception>
    public bool Read(Frame frame)
    {
        frame.Clear();
        return Pass(frame, isWanted: true);
    }

    /// <summary>
    /// Passes over the next frame, in most formats without looking at its atoms. False at the end of the file.
    /// </summary>
    /// <exception cref="InputException">where the frame ends cannot be seen</exception>
    public bool Skip() => Pass(_passedOver ??= new(), isWanted: false);

    /// <summary>
    /// After a failure: gives the frame up and goes on to the next. It ends where <see cref="Skip"/> of a frame ends whose values alone
    /// are wrong, so that all who read a file count its frames alike.
    /// </summary>
    /// <returns>false: no more of this file can be read</returns>
    public bool Recover()
    {
        if (_failure is null)
            return true;
        try
        {
            if (Scanner.IsBroken || !Resynchronize())
                return false;
        }
        catch (InputException)
        {
            return false;
        }

        _failure = null;
        FramesRead++;
        return true;
    }

    private bool Pass(Frame frame, bool isWanted)
    {
        // A second call after a failure must not look like the end of the file.
        if (_failure is not null)
            throw new InputException(_failure.Message, _failure);

        FrameOffset = Scanner.Offset;
        try
        {
            if (isWanted ? !ReadFrame(frame) : !SkipFrame(frame))
                return false;
        }
        catch (InputException e)
        {
            frame.Clear();
            _failure = HasManyFrames ? new($"{e.Message}; frame {FramesRead + 1} begins at byte {FrameOffset}{Place}", e) : e;
            throw _failure;
        }

        FramesRead++;
        return true;
    }

    public void Dispose()
    {
        Scanner.Dispose();
        _passedOver?.Dispose();
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool disposing)
    {
    }

    private protected abstract bool ReadFrame(Frame frame);

    /// <summary>Passes over a frame; false at the end of the file.</summary>
    /// <param name="scratch">to read it into where there is no other way</param>
    private protected virtual bool SkipFrame(Frame scratch)
    {
        scratch.Clear();
        return ReadFrame(scratch);
    }

    /// <summary>Goes on to where the next frame begins, behind a place that could not be read; false where nobody can say where.</summary>
    private protected virtual bool Resynchronize() => false;

    /// <summary>Whether failures say which frame they are in.</summary>
    private protected virtual bool HasManyFrames => true;

    private protected void Warn(string sentence)
    {
        // What is odd in every frame of a long trajectory is told of the first ones.
        if (_warnings.Count < MostWarnings)
            _warnings.Add(sentence);
        else if (_warnings.Count == MostWarnings)
            _warnings.Add($"{Path}: has more that is odd; no more of it is told");
    }

    /// <summary>For what holds of a whole file, or is the same in all frames.</summary>
    private protected void WarnOnce(ref bool told, string sentence)
    {
        if (!told)
            Warn(sentence);
        told = true;
    }

    /// <summary>For formats that people also write by hand, where a missing last line feed is common and no error.</summary>
    private protected void WarnIfLastLineIsOpen()
    {
        if (!Scanner.LineFeedSeen)
            Warn($"{Path}:{Scanner.LineNumber}: the last line has no line feed at its end; if the file was cut, its last number is wrong");
    }

    private string Place => IsCompressed ? " of the decompressed file" : "";

    /// <summary>The exception for a file that ends too early.</summary>
    /// <param name="missing">what should have followed, as in "12 of 500 atoms"</param>
    internal InputException Truncated(string missing)
    {
        IsTruncated = true;
        string before = FramesRead switch
        {
            0 => "no complete frame is before it",
            1 => "the one frame before it is complete",
            _ => $"the {FramesRead} frames before it are complete",
        };
        return Scanner.Fault($"the file ends in the middle of frame {FramesRead + 1}: {missing}; {before}. " +
            "It was cut off while it was written or copied: complete it, or remove the last frame");
    }
}
