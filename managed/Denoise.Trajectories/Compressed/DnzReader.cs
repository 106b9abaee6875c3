using System.Buffers.Binary;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Compressed;

/// <summary>Reads .dnz files (docs/dnz.md): one record after the other, so that pipes will do.</summary>
internal sealed class DnzReader : TrajectoryReader
{
    private const int TrustedBytes = 1 << 20;

    private readonly Dictionary<int, BlockDecoder> _blocks = [];
    private readonly ChunkFormat _format = new();
    private readonly PositionCoder _coder = new();
    private readonly FrameAssembly _assembly = new();
    private readonly byte[] _head = new byte[Records.HeadLength];
    private readonly List<int> _present = [];
    private readonly List<(int Block, string Problem)> _problems = [];
    private bool _hasHead;
    private bool _isBegun;
    private bool _ended;
    private long _lastFrame = -1;
    private double? _bound;

    public DnzReader(LineScanner scanner)
        : base(scanner)
    {
    }

    public override TrajectoryFormat Format => TrajectoryFormats.Compressed;

    public override double? Bound => _bound;

    public static bool Recognizes(FileHead head) => head.Bytes.AsSpan().StartsWith(Records.Magic);

    private protected override bool ReadFrame(Frame frame) => Pass(frame);

    private protected override bool SkipFrame(Frame scratch) => Pass(null);

    private protected override bool Resynchronize() => true;

    private protected override void Dispose(bool disposing)
    {
        foreach (BlockDecoder block in _blocks.Values)
            block.Dispose();
        _coder.Dispose();
        _blocks.Clear();
    }

    private bool Pass(Frame? frame)
    {
        Begin();
        _problems.Clear();
        _present.Clear();
        FrameHeader? header = null;
        long number = -1;
        while (header is null)
        {
            if (!NextHead())
                return AtEnd();
            if (_head[3] == Records.Index)
            {
                EndWithIndex();
                return false;
            }

            if (_head[3] != Records.Frame)
            {
                // Of a frame whose own record was damaged: told below, as one that is missing.
                _hasHead = false;
                _ = Payload(out _);
                continue;
            }

            number = FrameNumber;
            header = ReadHeader(number);
        }

        _lastFrame = number;
        bool isCut = !ReadChunks(header, number);
        if (frame is null)
            return true;
        Decode(header, number, isCut);
        Fill(frame, header);
        return true;
    }

    private FrameHeader ReadHeader(long number)
    {
        _hasHead = false;
        byte[]? payload = Payload(out string? problem);
        if (payload is null && problem is null)
            throw Truncated("its header is cut");
        if (number > _lastFrame + 1 && _lastFrame >= 0)
            Warn($"{Path}: {number - _lastFrame - 1} frames before frame {number + 1} are damaged and left out");
        try
        {
            ByteSource source = new(payload ?? throw new DamagedChunkException(problem!));
            return FrameHeader.Read(ref source);
        }
        catch (DamagedChunkException damage)
        {
            _lastFrame = number;
            throw new InputException($"{Path}: the header of frame {number + 1} is damaged: {damage.Message}; leave the frame out, or " +
                "copy the file again");
        }
    }

    /// <summary>Adds the chunks of a frame to their blocks; false: the file ends before.</summary>
    private bool ReadChunks(FrameHeader header, long number)
    {
        int seen = 0;
        while (seen < header.Blocks)
        {
            if (!NextHead())
                return false;
            // Of the next frame already, or the index: chunks are missing.
            if (_head[3] != Records.Chunk || FrameNumber != number)
                return true;
            _hasHead = false;
            int block = (int)BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(12));
            byte[]? payload = Payload(out string? problem);
            if (payload is null && problem is null)
                return false;
            seen++;
            if ((uint)block >= (uint)header.Blocks || _present.Contains(block))
                continue;
            if (payload is null)
            {
                _problems.Add((block, problem!));
                continue;
            }

            try
            {
                if (!_blocks.TryGetValue(block, out BlockDecoder? decoder))
                    _blocks[block] = decoder = new();
                decoder.Add(number, header, payload);
                _present.Add(block);
            }
            catch (DamagedChunkException damage)
            {
                _problems.Add((block, damage.Message));
            }
        }

        return true;
    }

    private void Decode(FrameHeader header, long number, bool isCut)
    {
        for (int k = _present.Count - 1; k >= 0; k--)
            try
            {
                _blocks[_present[k]].Decode(_format, _coder);
            }
            catch (DamagedChunkException damage)
            {
                _problems.Add((_present[k], damage.Message));
                _present.RemoveAt(k);
            }

        if (_present.Count == header.Blocks && _present.Sum(block => (long)_blocks[block].Count) != header.Count)
            _problems.Add((0, $"they have not the {header.Count} atoms that are announced"));
        if (_present.Count == header.Blocks && _problems.Count == 0)
            return;
        string chunks = header.Blocks == 1 ? "chunk" : "chunks";
        if (isCut)
        {
            InputException cut = Truncated($"{_present.Count} of its {header.Blocks} {chunks} are there");
            if (!Salvages)
                throw cut;
            Warn(cut.Message);
            return;
        }

        string why = _problems.Count > 0 ? _problems[0].Problem : "not all are there";
        string sentence =
            $"{Path}: of frame {number + 1}, {header.Blocks - _present.Count} of {header.Blocks} {chunks} cannot be read: {why}";
        if (!Salvages)
            throw new InputException($"{sentence}; copy the file again, leave the frame out, or take the whole chunks alone " +
                "(denoise expand --salvage)");
        Warn($"{sentence}; the atoms of the others are delivered");
    }

    private void Fill(Frame frame, FrameHeader header)
    {
        _present.Sort();
        if (Region is { } region)
            _present.RemoveAll(block => !IsNear(_blocks[block], region));
        _bound = header.Bound;
        _assembly.Fill(frame, header, [.. _present.Select(block => _blocks[block])]);
    }

    private static bool IsNear(BlockDecoder block, (Vec3 Low, Vec3 High) region)
    {
        for (int a = 0; a < 3; a++)
        {
            (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (int i = 0; i < block.Count; i++)
            {
                double x = block.Positions[4L * i + a];
                (low, high) = (Math.Min(low, x), Math.Max(high, x));
            }

            if (low > region.High[a] || high < region.Low[a])
                return false;
        }

        return true;
    }

    /// <summary>The first bytes of the file.</summary>
    private void Begin()
    {
        if (_isBegun)
            return;
        _isBegun = true;
        Span<byte> head = stackalloc byte[Records.FileHeadLength];
        if (Scanner.ReadBytes(head) < head.Length)
            throw Truncated("its first bytes are not all there");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) != Checksum.Of(head[..12]) || !head.StartsWith(Records.Magic))
            Warn($"{Path}: the first {Records.FileHeadLength} bytes are damaged; it is read as version {Records.Version}");
        else if (version > Records.Version)
            throw new InputException($"{Path}: is of version {version} of the format, and this program knows {Records.Version}; " +
                "read it with a newer one");
    }

    private void EndWithIndex()
    {
        (_ended, _hasHead) = (true, false);
        Span<byte> end = stackalloc byte[sizeof(ulong) + Records.End.Length];
        if (Payload(out _) is null || Scanner.ReadBytes(end) < end.Length || !end.EndsWith(Records.End))
            Warn($"{Path}: its index is damaged or cut off; all frames are before it");
        else if (Scanner.SkipBytes(1) > 0)
            Warn($"{Path}: has more bytes behind its index, which are not read; if it was joined from several files, give them one by one");
    }

    private bool AtEnd()
    {
        if (!_ended)
        {
            _ended = true;
            Warn($"{Path}: ends without its index: the run that wrote it was interrupted, or the file was cut off; the frames before are " +
                "read");
        }

        return false;
    }

    /// <summary>Finds the next record, behind what is damaged too; false at the end.</summary>
    private bool NextHead()
    {
        if (_hasHead)
            return true;
        if (_ended)
            return false;
        int filled = Scanner.ReadBytes(_head);
        long passed = 0;
        while (filled == _head.Length && !Records.IsHead(_head))
        {
            int next = _head.AsSpan(1).IndexOf(Records.Sync[0]) + 1;
            int moved = next == 0 ? _head.Length : next;
            _head.AsSpan(moved).CopyTo(_head);
            filled = _head.Length - moved + Scanner.ReadBytes(_head.AsSpan(_head.Length - moved));
            passed += moved;
        }

        if (passed > 0)
            Warn($"{Path}: {passed} bytes are damaged and were passed over");
        _hasHead = filled == _head.Length;
        return _hasHead;
    }

    private long FrameNumber => BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(8));

    /// <summary>What is in the record at hand; null: the file ends before, or, with a problem, it is damaged.</summary>
    private byte[]? Payload(out string? problem)
    {
        problem = null;
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(4));
        // A length is only believed as far as there are bytes.
        byte[] payload = new byte[Math.Min(length, TrustedBytes)];
        for (int filled = 0; ;)
        {
            filled += Scanner.ReadBytes(payload.AsSpan(filled));
            if (filled < payload.Length)
                return null;
            if (filled == length)
                break;
            Array.Resize(ref payload, (int)Math.Min(length, 2L * payload.Length));
        }

        Span<byte> sum = stackalloc byte[4];
        if (Scanner.ReadBytes(sum) < sum.Length)
            return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(sum) == Checksum.Of(payload))
            return payload;
        problem = "the checksum of its bytes is another";
        return null;
    }
}
