using System.Globalization;
using Denoise.Atoms;
using Denoise.Parallel;
using Denoise.Trajectories.Compressed;

namespace Denoise.Trajectories.Tests.Compressed;

/// <summary>Frames to compress.</summary>
internal static class Trajectories
{
    /// <summary>A trajectory of any kind: atoms that cross the faces of any box, leave it, change their order, their type.</summary>
    public static List<Snapshot> Random(Random random, int frames, int? decimals = null)
    {
        bool isCrystal = random.Next(2) == 0, isUnwrapped = random.Next(3) == 0;
        Snapshot first = isCrystal ? Crystal(random, random.Next(3, 6), 0.05, 0) : Gas(random, random.Next(2, 500), 0);
        int atoms = first.Ids.Length;
        double[] positions = [.. first.Positions];
        Box box = first.Box;
        if (random.Next(2) == 0)
            box = box with { B = box.B + box.A * 0.2, C = box.C + box.A * -0.1 + box.B * 0.15, PeriodicC = random.Next(2) == 0 };
        List<Snapshot> all = [];
        for (int f = 0; f < frames; f++)
        {
            for (int k = 0; k < positions.Length; k++)
                positions[k] += 0.2 * (random.NextDouble() - 0.5) + (random.Next(200) == 0 ? 2 : 0);
            double[] shown = [.. positions];
            for (int i = 0; i < atoms && !isUnwrapped; i++)
            {
                Vec3 s = box.ToFractional(new(shown[3 * i], shown[3 * i + 1], shown[3 * i + 2]));
                Vec3 folded = new(Fold(s.X, box.PeriodicA), Fold(s.Y, box.PeriodicB), Fold(s.Z, box.PeriodicC));
                // A few are outside, as between two lists of neighbors.
                Vec3 r = box.ToCartesian(random.Next(300) == 0 ? s : folded);
                (shown[3 * i], shown[3 * i + 1], shown[3 * i + 2]) = (r.X, r.Y, r.Z);
            }

            if (decimals is { } digits)
                shown = [.. shown.Select(x => Math.Round(x, digits))];
            int[] order = [.. Enumerable.Range(0, atoms)];
            random.Shuffle(order);
            int[] types = [.. first.Types];
            if (atoms > 0 && f == 2)
                types[0] = 3;
            all.Add(new(100 * f, f % 2 == 0 ? 0.1 * f : null, "metal", box, isUnwrapped,
                [.. order.SelectMany(i => new[] { shown[3 * i], shown[3 * i + 1], shown[3 * i + 2] })],
                [.. order.Select(i => first.Ids[i])], [.. order.Select(i => types[i])], [null, "Cu"],
                new()
                {
                    ["ix"] = [.. order.Select(i => (i % 3 - 1).ToString())],
                    ["vx"] = [.. order.Select(i => Math.Round(Math.Sin(i + f), 5).ToString(CultureInfo.InvariantCulture))],
                    ["name"] = [.. order.Select(i => i % 5 == 0 ? "a" : "bc")],
                }));
        }

        return all;

        static double Fold(double part, bool isPeriodic) => isPeriodic ? part - Math.Floor(part) : part;
    }

    /// <summary>Copper: cells along each edge, rattled by so many Å.</summary>
    public static Snapshot Crystal(Random random, int cells, double noise, int step)
    {
        const double A = 3.6;
        List<double> positions = [];
        for (int x = 0; x < 2 * cells; x++)
            for (int y = 0; y < 2 * cells; y++)
                for (int z = 0; z < 2 * cells; z++)
                    if ((x + y + z) % 2 == 0)
                        positions.AddRange([A / 2 * x + Normal(), A / 2 * y + Normal(), A / 2 * z + Normal()]);
        return Of([.. positions], Box.Orthogonal(A * cells, A * cells, A * cells), step);

        double Normal() => noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    public static Snapshot Gas(Random random, int atoms, int step) => Of(
        [.. Enumerable.Range(0, 3 * atoms).Select(_ => 10 * random.NextDouble())], Box.Orthogonal(10, 10, 10), step);

    public static byte[] Compress(IReadOnlyList<Snapshot> frames, DnzOptions options)
    {
        using MemoryStream stream = new();
        using FrameCompressor compressor = new(options, SerialCommunicator.Instance, new StreamTarget(stream));
        using Frame frame = new();
        compressor.Begin();
        foreach (Snapshot snapshot in frames)
        {
            Fill(frame, snapshot);
            compressor.Write(frame);
        }

        compressor.End();
        return stream.ToArray();
    }

    public static Snapshot Sorted(Snapshot frame)
    {
        int[] order = [.. Enumerable.Range(0, frame.Ids.Length).OrderBy(i => frame.Ids[i])];
        return frame with
        {
            Ids = [.. order.Select(i => frame.Ids[i])],
            Types = [.. order.Select(i => frame.Types[i])],
            Positions = [.. order.SelectMany(i => frame.Positions[(3 * i)..(3 * i + 3)])],
            Columns = frame.Columns.ToDictionary(c => c.Key, c => order.Select(i => c.Value[i]).ToArray()),
        };
    }

    public static void AssertClose(Snapshot expected, Snapshot actual, double bound, string what)
    {
        expected = Sorted(expected);
        for (int k = 0; k < expected.Positions.Length; k++)
            Assert.True(Math.Abs(expected.Positions[k] - actual.Positions[k]) <= bound,
                $"{what}: {actual.Positions[k]} for {expected.Positions[k]}");
        Snapshot.AssertEqual(expected with { Positions = actual.Positions }, actual);
    }

    private static Snapshot Of(double[] positions, Box box, int step)
    {
        int atoms = positions.Length / 3;
        return new(step, null, null, box, false, positions, [.. Enumerable.Range(1, atoms).Select(k => (long)k)],
            [.. Enumerable.Range(0, atoms).Select(k => 1 + k % 2)], [], []);
    }

    public static void Fill(Frame frame, Snapshot from)
    {
        frame.Clear();
        (frame.Step, frame.Time, frame.Units, frame.Box, frame.Unwrapped) = (from.Step, from.Time, from.Units, from.Box, from.Unwrapped);
        frame.Resize(from.Ids.Length);
        from.Positions.CopyTo(frame.Positions.Span);
        from.Ids.CopyTo(frame.Ids.Span);
        from.Types.CopyTo(frame.Types.Span);
        for (int k = 0; k < from.Elements.Length; k++)
            frame.SetElement(k + 1, from.Elements[k]);
        foreach (var (name, values) in from.Columns)
        {
            ColumnKind kind = values.All(v => long.TryParse(v, out _)) ? ColumnKind.Integer
                : values.All(v => double.TryParse(v, CultureInfo.InvariantCulture, out _)) ? ColumnKind.Real
                : ColumnKind.Text;
            FrameColumn column = frame.SetColumn(name, kind);
            for (int i = 0; i < values.Length; i++)
                if (kind == ColumnKind.Integer)
                    column.Integers[i] = long.Parse(values[i]);
                else if (kind == ColumnKind.Real)
                    column.Reals[i] = double.Parse(values[i], CultureInfo.InvariantCulture);
                else
                    column.WordCodes[i] = column.Words.Add(values[i]);
        }
    }
}
