using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Vasp;

/// <summary>What POSCAR and XDATCAR have in common: the positions behind a header.</summary>
internal abstract unsafe class VaspReader(LineScanner scanner) : TrajectoryReader(scanner)
{
    // A count in a header is only believed this far before the lines are seen to be there.
    private const int FirstRows = 4096;

    private protected void ReadPositions(Frame frame, PoscarHeader header, bool direct)
    {
        frame.Box = header.Box;
        header.NameTypes(frame);
        int row = 0;
        foreach (int type in header.TypesOfAtoms())
            ReadPosition(frame, row++, type, header, direct);
        frame.Grow(row);
        frame.NumberAtoms();
        WarnIfLastLineIsOpen();
    }

    private void ReadPosition(Frame frame, int row, int type, PoscarHeader header, bool direct)
    {
        if (row == frame.Count)
            frame.Grow((int)Math.Min(header.Atoms, Math.Max(FirstRows, 2L * row)));
        if (!Scanner.TryReadLine(out byte* start, out byte* end))
            throw Truncated($"{row} of {header.Atoms} atoms are there");
        Fields line = new(start, end);
        if (!PoscarHeader.TryReadVector(ref line, out Vec3 r))
            throw Scanner.LineFeedSeen
                ? Scanner.Fault($"{Utf8.Quote(start, end)} is not a position ({row} of {header.Atoms} atoms read); " +
                    "are the numbers of atoms per species right?")
                : Truncated($"{row} of {header.Atoms} atoms are there");
        r = direct ? header.Box.ToCartesian(r) : header.ToCartesian(r);
        (frame.Positions[3L * row], frame.Positions[3L * row + 1], frame.Positions[3L * row + 2]) = r;
        frame.Types[row] = type;
    }
}
