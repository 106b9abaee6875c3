using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Vasp;

/// <summary>POSCAR and CONTCAR of VASP 4 and 5: one frame, periodic in all directions.</summary>
internal sealed class PoscarReader(LineScanner scanner) : VaspReader(scanner)
{
    public override TrajectoryFormat Format => TrajectoryFormats.Poscar;

    public static bool Recognizes(FileHead head) => PoscarHeader.IsIn(head);

    private protected override bool HasManyFrames => false;

    private protected override bool ReadFrame(Frame frame)
    {
        if (FramesRead > 0)
            return false;
        PoscarHeader header = new(this, Scanner);
        ReadPositions(frame, header, ReadIsDirect(header));
        return true;
    }

    /// <summary>Only the first letter counts: S for selective dynamics, then C or K for Cartesian, anything else is direct.</summary>
    private static bool ReadIsDirect(PoscarHeader header)
    {
        char mode = FirstLetter(header);
        if (mode == 'S')
            mode = FirstLetter(header);
        return mode is not ('C' or 'K');
    }

    private static char FirstLetter(PoscarHeader header)
    {
        ReadOnlySpan<byte> word = header.NextLine("the line Direct or Cartesian").Next();
        return word.IsEmpty ? ' ' : char.ToUpperInvariant((char)word[0]);
    }
}
