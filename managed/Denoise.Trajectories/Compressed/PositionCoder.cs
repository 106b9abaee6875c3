using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// The positions of a chunk as small whole numbers: what the prediction of each atom from its site, its past and its neighbors
/// leaves, on the grid. Both ways are one piece of code, so that both do the same arithmetic in the same order.
/// </summary>
internal sealed unsafe class PositionCoder
{
    private const double Magic = 6755399441055744;

    private interface IDirection
    {
        static abstract bool Encodes { get; }
    }

    private readonly struct Encoding : IDirection
    {
        public static bool Encodes => true;
    }

    private readonly struct Decoding : IDirection
    {
        public static bool Encodes => false;
    }

    /// <summary>Atoms near a face, axis by axis: how many edges away from where they were expected, -1 to 1.</summary>
    public List<long> Crossings { get; } = [];

    public List<SpecialAtom> Specials { get; } = [];

    /// <summary>Largest distance of an encoded coordinate from the original, Å.</summary>
    public double LargestError { get; private set; }

    /// <param name="state">of the chunk, before and after</param>
    /// <param name="model">of the frame</param>
    /// <param name="bound">Å; what comes back farther away is given in full</param>
    /// <param name="original">[Count, 4] Å; replaced by what a decoder will find</param>
    /// <param name="images">[Count, 3] edges that were added to follow each atom</param>
    /// <param name="residuals">[Count, 3] result</param>
    public void Encode(ChunkState state, ChunkModel model, double bound, double* original, int* images, long* residuals)
    {
        Crossings.Clear();
        Specials.Clear();
        Run<Encoding>(state, model, bound, original, images, residuals);
    }

    /// <summary>The same back; <see cref="Crossings"/> and <see cref="Specials"/> are given.</summary>
    /// <exception cref="DamagedChunkException">a position is not finite, or there are too few crossings</exception>
    public void Decode(ChunkState state, ChunkModel model, double* positions, long* residuals) =>
        Run<Decoding>(state, model, 0, positions, null, residuals);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<TDirection>(ChunkState state, ChunkModel model, double bound, double* positions, int* images, long* residuals)
        where TDirection : IDirection
    {
        float[] f = model.Affine;
        Vector256<double> f0 = Vector256.Create(f[0], f[1], f[2], 0.0), f1 = Vector256.Create(f[3], f[4], f[5], 0.0),
            f2 = Vector256.Create(f[6], f[7], f[8], 0.0), offset = Vector256.Create(model.Offset[0], model.Offset[1], model.Offset[2], 0);
        bool usesTime = model.UsesTime, divides = model.Grid.Kind == GridKind.Decimals, isBits = model.Grid.Kind == GridKind.Bits;
        Vector256<double> w1 = Vector256.Create((double)model.Times[0]), w2 = Vector256.Create((double)model.Times[1]),
            w3 = Vector256.Create(state.Frames > 0 ? model.Times[2] / (double)state.Frames : 0);
        int neighbors = model.UsesNeighbors ? state.Neighbors : 0;
        double* c = stackalloc double[ChunkState.MostNeighbors];
        for (int k = 0; k < neighbors; k++)
            c[k] = model.Weights[k];
        Vector256<double> factor = Vector256.Create(model.Grid.Factor), scale = Vector256.Create(model.Grid.Scale),
            magic = Vector256.Create(Magic), limit = Vector256.Create(bound, bound, bound, double.PositiveInfinity);
        Vector256<long> magicBits = magic.AsInt64();
        Grid grid = model.Grid;

        // A decoder asks for them only where they become the sites.
        bool folds = model.FoldsAny, keepsAll = state is { Frames: 0, IsLattice: false };
        Folding folding = new(model);
        // The displacements of this frame go to where those before the last were.
        double* sites = state.Sites.Pointer, last1 = state.Last1.Pointer, last2 = state.Last2.Pointer, sum = state.Sum.Pointer;
        double* followed = state.Positions.Pointer, innovations = state.Innovations.Pointer;
        double* field = state.Field.Pointer;
        bool usesField = model.UsesField;
        int* rows = state.NeighborRows.Pointer;
        int nextSpecial = 0, nextCrossing = 0;
        int specialRow = !TDirection.Encodes && Specials.Count > 0 ? Specials[0].Row : -1;
        Vector256<double> finite = Vector256<double>.Zero, largest = Vector256<double>.Zero;

        for (int i = 0; i < state.Count; i++)
        {
            long at = 4L * i;
            Vector256<double> site = Vector256.Load(sites + at);
            Vector256<double> b = offset + f0 * Vector256.Create(site.GetElement(0)) + f1 * Vector256.Create(site.GetElement(1)) +
                f2 * Vector256.Create(site.GetElement(2));
            if (usesField)
                b += Vector256.Load(field + at);
            Vector256<double> timed = b;
            if (usesTime)
                timed = timed + w1 * Vector256.Load(last1 + at) + w2 * Vector256.Load(last2 + at) + w3 * Vector256.Load(sum + at);
            Vector256<double> p = timed;
            for (int k = 0; k < neighbors; k++)
                p += Vector256.Create(c[k]) * Vector256.Load(innovations + 4L * rows[k]);
            rows += neighbors;

            // Where the atom is expected is folded into the box; how often, is added to what comes back.
            Vector256<double> moved = Vector256<double>.Zero;
            bool isSpecial = !TDirection.Encodes && i == specialRow;
            if (folds && !isSpecial && !folding.IsInside(p))
            {
                if (TDirection.Encodes)
                    moved = folding.Choose(p, images + 3L * i, i, Crossings, Specials);
                else
                    moved = folding.Moved(p, Crossings, ref nextCrossing);
            }
            else if (TDirection.Encodes && folds && (images[3L * i] | images[3L * i + 1] | images[3L * i + 2]) != 0)
            {
                Specials.Add(new(i, images[3L * i], images[3L * i + 1], images[3L * i + 2], false, 0, 0, 0));
                moved = folding.Edges(images[3L * i], images[3L * i + 1], images[3L * i + 2]);
            }

            SpecialAtom special = default;
            if (isSpecial)
            {
                special = Specials[nextSpecial++];
                specialRow = nextSpecial < Specials.Count ? Specials[nextSpecial].Row : -1;
                moved = folding.Edges(special.ImageA, special.ImageB, special.ImageC);
            }

            Vector256<double> free = p;
            p -= moved;
            Vector256<double> x;
            long* residual = residuals + 3L * i;
            if (isBits)
            {
                x = Bits<TDirection>(p, positions + at, residual);
            }
            else
            {
                // Steps count from where the atom is expected, so that what was foretold costs nothing; decimals from 0.
                Vector256<long> expected = divides ? (p * factor + magic).AsInt64() : magicBits, whole;
                if (TDirection.Encodes)
                {
                    Vector256<double> from = Vector256.Load(positions + at);
                    whole = ((divides ? from : from - p) * factor + magic).AsInt64();
                    Vector256<long> rest = whole - expected;
                    residual[0] = rest.GetElement(0);
                    residual[1] = rest.GetElement(1);
                    residual[2] = rest.GetElement(2);
                }
                else
                {
                    whole = expected + Vector256.Create(residual[0], residual[1], residual[2], 0);
                }

                x = whole.AsDouble() - magic;
                x = divides ? x / scale : p + x * scale;
            }

            if (TDirection.Encodes)
            {
                Vector256<double> wanted = Vector256.Load(positions + at);
                Vector256<double> error = Vector256.Abs(x - wanted);
                // Negated, so that what is not finite is caught.
                if (!Vector256.LessThanOrEqualAll(error, limit))
                {
                    if (Specials.Count > 0 && Specials[^1].Row == i)
                        Specials.RemoveAt(Specials.Count - 1);
                    else if (folds && !folding.IsInside(free))
                        folding.TakeBack(free, Crossings);
                    (int ia, int ib, int ic) = images is null ? (0, 0, 0) : (images[3L * i], images[3L * i + 1], images[3L * i + 2]);
                    Specials.Add(new(i, ia, ib, ic, true, wanted[0], wanted[1], wanted[2]));
                    residual[0] = residual[1] = residual[2] = 0;
                    x = wanted;
                    error = Vector256<double>.Zero;
                }

                largest = Vector256.Max(largest, error);
            }
            else if (special.IsExact)
            {
                x = Vector256.Create(special.X, special.Y, special.Z, 0);
            }

            x = x.WithElement(3, 0);
            finite += x - x;
            x.Store(positions + at);
            Vector256<double> y = x + moved, u = y - b;
            if (TDirection.Encodes || keepsAll)
                y.Store(followed + at);
            (y - timed).Store(innovations + at);
            (Vector256.Load(sum + at) + u).Store(sum + at);
            u.Store(last2 + at);
        }

        state.SwapLast();

        if (!Vector256.EqualsAll(finite, Vector256<double>.Zero) || (!TDirection.Encodes && nextCrossing != Crossings.Count))
            throw new DamagedChunkException("its positions are none");
        state.Frames++;
        LargestError = Math.Max(largest.GetElement(0), Math.Max(largest.GetElement(1), largest.GetElement(2)));
    }

    private static Vector256<double> Bits<TDirection>(Vector256<double> p, double* position, long* residual)
        where TDirection : IDirection
    {
        Vector256<double> x = Vector256<double>.Zero;
        for (int a = 0; a < 3; a++)
        {
            long expected = Grid.Bits.Whole(p.GetElement(a));
            if (TDirection.Encodes)
                residual[a] = Grid.Bits.Whole(position[a]) - expected;
            x = x.WithElement(a, Grid.Bits.Real(expected + residual[a]));
        }

        return x;
    }
}
