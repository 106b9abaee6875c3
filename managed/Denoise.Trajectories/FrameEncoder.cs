using Denoise.Atoms;
using Denoise.Trajectories.Text;
using ZstdSharp;

namespace Denoise.Trajectories;

/// <summary>
/// Turns frames into the bytes of a file, format and compression being those of its name. The bytes of a frame are the same wherever
/// they are made, and whatever is before them: those of all frames one after the other, between <see cref="Begin"/> and
/// <see cref="End"/>, are the file.
/// </summary>
public sealed class FrameEncoder
{
    // As fast as zstd is without losing half of its use.
    private const int ZstdLevel = 1;

    private readonly FrameFormatter _formatter;
    private readonly OutputCompression _compression;
    private readonly TextOutput _text = new(Stream.Null);

    /// <exception cref="InputException">no known extension</exception>
    public FrameEncoder(string path) =>
        (_formatter, _compression) = (TrajectoryWriter.FormatOf(path).CreateFormatter(), TrajectoryWriter.CompressionOf(path));

    /// <summary>What is before the first frame.</summary>
    public ReadOnlySpan<byte> Begin => _compression == OutputCompression.Gzip ? GzipPiece.Header : new byte[_formatter.HeadBytes];

    /// <summary>Whether what is before the first frame depends on all of them, see <see cref="Head"/>.</summary>
    public bool HasHead => _formatter.HeadBytes > 0;

    /// <summary>What is before the first frame when all are written.</summary>
    /// <param name="all">of all frames together</param>
    /// <param name="frames">how many there are</param>
    public ReadOnlySpan<byte> Head(FramePiece all, long frames) => _formatter.Head(all, frames);

    /// <summary>What is behind the last frame.</summary>
    /// <param name="all">of all frames together</param>
    public ReadOnlySpan<byte> End(FramePiece all) => _compression == OutputCompression.Gzip ? GzipPiece.Trailer(all) : [];

    /// <summary>Writes the bytes of a frame.</summary>
    public FramePiece Encode(Frame frame, Stream target)
    {
        switch (_compression)
        {
            case OutputCompression.Gzip:
                using (GzipPiece piece = new(target))
                {
                    Write(frame, piece);
                    return piece.Complete();
                }

            case OutputCompression.Zstd:
                // Decompressors take several of these one after the other for one.
                using (CompressionStream compressor = new(target, ZstdLevel, leaveOpen: true))
                    Write(frame, compressor);
                return default;
            default:
                Write(frame, target);
                return HasHead ? new(0, 0, frame.Count, frame.Step, frame.Step) : default;
        }
    }

    private void Write(Frame frame, Stream stream)
    {
        _text.Target = stream;
        _formatter.Write(frame, _text);
        _text.Flush();
    }
}
