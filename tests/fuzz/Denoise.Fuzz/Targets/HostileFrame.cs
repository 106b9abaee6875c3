using Denoise.InSitu.Native;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// Frames of few atoms out of <see cref="Choices"/>: crystals, points, lines, lattices with one wrong number, boxes of all kinds.
/// </summary>
internal static unsafe class HostileFrame
{
    private const int MostAtoms = 40;
    private const double Spacing = 2.5;

    public static DnFrame Make(ref Choices choices, FencedMemory memory, bool hasHost)
    {
        int owned = choices.Below(MostAtoms + 1), ghosts = hasHost && choices.Seldom(2) ? choices.Below(16) : 0, count = owned + ghosts;
        DnFrame frame = new()
        {
            StructSize = (nuint)choices.OrEdge(sizeof(DnFrame), 64),
            Step = choices.OrEdge(100, 16),
            NLocal = owned,
            NGhost = ghosts,
            GhostCutoff = ghosts > 0 ? choices.OrEdge(choices.Between(0, 20), 8) : choices.OrEdge(0.0, 32),
            Positions = memory.Place<double>(3 * count),
        };
        Place(ref choices, new(frame.Positions, 3 * count));
        MakeBox(ref choices, ref frame, owned);
        if (choices.Seldom(4))
            Fill(ref choices, frame.Types = memory.Place<int>(count), count, 1, 16);
        if (choices.Seldom(4))
            Fill(ref choices, frame.Selection = memory.Place<int>(owned), owned, 1, 4);
        if (choices.Seldom(4))
        {
            frame.Ids = memory.Place<long>(count);
            for (int i = 0; i < count; i++)
                frame.Ids[i] = choices.OrEdge(i, 8);
        }

        // Counts that say what cannot be, with arrays that are not there.
        if (choices.Seldom(64))
        {
            (frame.NLocal, frame.NGhost) = (choices.EdgeInteger(), choices.EdgeInteger());
            frame.Positions = null;
            frame.Ids = null;
            frame.Types = frame.Selection = null;
        }

        return frame;
    }

    private static void Fill(ref Choices choices, int* values, int count, int plain, int times)
    {
        for (int i = 0; i < count; i++)
            values[i] = choices.OrEdge(plain, times);
    }

    private static void Place(ref Choices choices, Span<double> positions)
    {
        int kind = choices.Below(8);
        double noise = choices.Between(0, 0.5), spacing = choices.OrEdge(Spacing, 16);
        int edge = (int)Math.Ceiling(Math.Cbrt(positions.Length / 3.0));
        for (int i = 0; i < positions.Length / 3; i++)
            for (int k = 0; k < 3; k++)
            {
                int cell = k == 0 ? i % edge : k == 1 ? i / edge % edge : i / (edge * edge);
                positions[3 * i + k] = kind switch
                {
                    0 => cell * spacing,
                    1 => (cell + choices.Between(-noise, noise)) * spacing,
                    2 => choices.Between(0, edge * spacing),
                    3 => spacing,
                    4 => k == 0 ? i * spacing : 0,
                    5 => choices.OrEdge(cell * spacing, 16),
                    6 => choices.EdgeValue(),
                    _ => (i / 2 % edge + k * cell) * spacing,
                };
            }
    }

    private static void MakeBox(ref Choices choices, ref DnFrame frame, int owned)
    {
        int periodic = choices.Below(8);
        double edge = choices.OrEdge(Spacing * Math.Ceiling(Math.Cbrt(Math.Max(owned, 1))), 8);
        bool isSkewed = choices.Seldom(4), isWild = choices.Seldom(16);
        for (int k = 0; k < 9; k++)
            frame.Cell[k] = isWild ? choices.EdgeValue()
                : k % 4 == 0 ? choices.OrEdge(edge, 32)
                : isSkewed ? choices.Between(-edge, edge) : 0;
        for (int k = 0; k < 3; k++)
        {
            frame.Periodic[k] = periodic >> k & 1;
            frame.Origin[k] = choices.OrEdge(0.0, 32);
        }
    }
}
