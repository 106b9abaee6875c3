using System.Runtime.Intrinsics;
using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Chooses the model of a chunk that leaves the least to code: where the lattice of its sites is, a smooth field, and the weights of the
/// past and of neighbors that were coded before. Only encoders need it.
/// </summary>
/// <param name="state">of the block</param>
/// <param name="model">receives what is found</param>
/// <param name="tools">with the positions of the chunk, borrowed</param>
internal sealed unsafe class ChunkFit(ChunkState state, ChunkModel model, EncoderTools tools)
{
    // What the past must save, in bits per coordinate, before a chunk is made to need all frames since its key.
    private const double LeastGainOfTime = 0.03;
    private const double LeastGainOfNeighbors = 0.005;
    private const int FitSamples = 1024;
    private const int NeighborSamples = 600;
    private const int FewestForFit = 32;
    private const int FewestForField = 1000;
    private const int FieldSamples = 2000;
    private const int FieldDegree = 5;

    // In steps of the grid.
    private const double FieldStep = 1.0 / 8;
    private const double LeastUseOfField = 0.8;

    // Of the variance that rounding has, what is not itself rounding of what neighbors share; measured.
    private const double ShareOfNoise = 0.2;

    private int Count => state.Count;

    /// <summary>Matrix and offset that bring the sites nearest to the positions.</summary>
    public void Sites()
    {
        if (!state.IsLattice)
            model.SetIdentity();
        int count = Count;
        if (count >= FewestForFit)
        {
            LeastSquares affine = tools.Affine;
            affine.Clear();
            int stride = Math.Max(1, count / FitSamples);
            Span<double> site = stackalloc double[4], solution = stackalloc double[12];
            // Sites far from 0 would lose digits.
            Vec3 middle = Mean(state.Sites.Pointer, stride);
            site[3] = 1;
            for (int i = 0; i < count; i += stride)
            {
                double* s = state.Sites.Pointer + 4L * i;
                (site[0], site[1], site[2]) = (s[0] - middle.X, s[1] - middle.Y, s[2] - middle.Z);
                affine.Add(site, new ReadOnlySpan<double>(tools.Followed.Pointer + 4L * i, 3));
            }

            if (affine.Solve(solution))
                for (int k = 0; k < 9; k++)
                    model.Affine[k] = (float)solution[k];
        }

        Offset();
    }

    public void Offset()
    {
        int stride = Math.Max(1, Count / FitSamples);
        Vec3 site = Mean(state.Sites.Pointer, stride), position = Mean(tools.Followed.Pointer, stride);
        for (int k = 0; k < 3; k++)
            model.Offset[k] = position[k] -
                (model.Affine[k] * site.X + model.Affine[3 + k] * site.Y + model.Affine[6 + k] * site.Z);
    }

    private Vec3 Mean(double* vectors, int stride)
    {
        Vec3 sum = default;
        int number = 0;
        for (int i = 0; i < Count; i += stride, number++)
            sum += new Vec3(vectors[4L * i], vectors[4L * i + 1], vectors[4L * i + 2]);
        return number > 0 ? sum * (1.0 / number) : default;
    }

    /// <summary>Weights of the past and of the neighbors; returns the standard deviation of what they leave, Å.</summary>
    public double Weights(bool isKey, bool isDenoised)
    {
        Array.Clear(model.Times);
        double floor = model.Grid.Kind == GridKind.Step ? model.Grid.Scale * model.Grid.Scale / 12 : 1e-16;
        FitField(isDenoised);
        int stride = Math.Max(1, Count / FitSamples);
        double without = Rests(stride);
        for (int terms = Math.Min(state.Frames, 3); terms > 0 && !isKey; terms--)
        {
            if (!TryTimes(terms))
                continue;
            double with = Rests(stride);
            if (0.5 * Math.Log2((without + floor) / (with + floor)) <= LeastGainOfTime)
                Array.Clear(model.Times);
            break;
        }

        double variance = Rests(1);
        if (isKey && !state.IsLattice)
            return Math.Sqrt(variance);
        double left = FitNeighbors();
        model.UsesNeighbors = 0.5 * Math.Log2((variance + floor) / (left + floor)) > LeastGainOfNeighbors;
        if (!model.UsesNeighbors)
            Array.Clear(model.Weights);
        return Math.Sqrt(model.UsesNeighbors ? left : variance);
    }

    /// <summary>Of denoised positions, which have no noise of their own.</summary>
    private void FitField(bool isDenoised)
    {
        model.Field.Degree = 0;
        if (!isDenoised || !state.IsLattice || Count < FewestForField)
            return;
        int stride = Math.Max(1, Count / FieldSamples);
        double without = Rests(stride), floor = model.Grid.Scale * model.Grid.Scale / 12;
        SmoothField field = model.Field;
        (field.Degree, field.Step) = (FieldDegree, model.Grid.Scale * FieldStep);
        bool isFitted = field.Fit(state, tools.Coder.Innovations.Pointer, stride);
        if (isFitted)
            field.Evaluate(state);
        if (!isFitted || Rests(stride) + floor > LeastUseOfField * (without + floor))
            field.Degree = 0;
    }

    /// <summary>Weights of the past for what it is to explain: the rests without it, which are in Innovations.</summary>
    private bool TryTimes(int terms)
    {
        LeastSquares fit = new(terms);
        int stride = Math.Max(1, Count / FitSamples);
        Span<double> solution = stackalloc double[3];
        Span<Vector256<double>> x = stackalloc Vector256<double>[3];
        Vector256<double> part = Vector256.Create(1.0 / state.Frames);
        for (int i = 0; i < Count; i += stride)
        {
            long at = 4L * i;
            x[0] = Vector256.Load(state.Last1.Pointer + at);
            x[1] = Vector256.Load(state.Last2.Pointer + at);
            x[2] = Vector256.Load(state.Sum.Pointer + at) * part;
            fit.AddLanes(x[..terms], Vector256.Load(tools.Coder.Innovations.Pointer + at));
        }

        if (!fit.Solve(solution))
            return false;
        for (int k = 0; k < terms; k++)
            model.Times[k] = (float)solution[k];
        return true;
    }

    /// <summary>Mean square of what the model without neighbors leaves of some atoms; leaves the rests in Innovations.</summary>
    private double Rests(int stride)
    {
        float[] f = model.Affine;
        Vector256<double> f0 = Vector256.Create(f[0], f[1], f[2], 0.0), f1 = Vector256.Create(f[3], f[4], f[5], 0.0),
            f2 = Vector256.Create(f[6], f[7], f[8], 0.0), sum = Vector256<double>.Zero,
            offset = Vector256.Create(model.Offset[0], model.Offset[1], model.Offset[2], 0),
            w1 = Vector256.Create((double)model.Times[0]), w2 = Vector256.Create((double)model.Times[1]),
            w3 = Vector256.Create(state.Frames > 0 ? model.Times[2] / (double)state.Frames : 0);
        bool usesTime = model.UsesTime, usesField = model.UsesField;
        double* sites = state.Sites.Pointer, positions = tools.Followed.Pointer, rests = tools.Coder.Innovations.Pointer;
        int number = 0;
        for (int i = 0; i < Count; i += stride, number++)
        {
            long at = 4L * i;
            Vector256<double> rest = Vector256.Load(positions + at) - offset - f0 * Vector256.Create(sites[at]) -
                f1 * Vector256.Create(sites[at + 1]) - f2 * Vector256.Create(sites[at + 2]);
            if (usesField)
                rest -= Vector256.Load(state.Field.Pointer + at);
            if (usesTime)
                rest -= w1 * Vector256.Load(state.Last1.Pointer + at) + w2 * Vector256.Load(state.Last2.Pointer + at) +
                    w3 * Vector256.Load(state.Sum.Pointer + at);
            rest.Store(rests + at);
            sum += rest * rest;
        }

        return number > 0 ? Vector256.Sum(sum) / (3 * number) : 0;
    }

    private double FitNeighbors()
    {
        int neighbors = state.Neighbors;
        if (Count < FewestForFit || neighbors == 0)
            return double.PositiveInfinity;
        LeastSquares fit = new(neighbors);
        int stride = Math.Max(1, Count / NeighborSamples);
        Span<Vector256<double>> x = stackalloc Vector256<double>[ChunkState.MostNeighbors];
        double* rests = tools.Coder.Innovations.Pointer;
        Span<double> weights = stackalloc double[ChunkState.MostNeighbors];
        for (int i = 0; i < Count; i += stride)
        {
            int* rows = state.NeighborRows.Pointer + (long)i * neighbors;
            for (int k = 0; k < neighbors; k++)
                x[k] = Vector256.Load(rests + 4L * rows[k]);
            fit.AddLanes(x[..neighbors], Vector256.Load(rests + 4L * i));
        }

        // A decoder sees neighbors as they come back.
        if (model.Grid.Kind == GridKind.Step)
            fit.AddNoise(ShareOfNoise * 3 * ((Count - 1) / stride + 1) * model.Grid.Scale * model.Grid.Scale / 12);
        if (!fit.Solve(weights))
            return double.PositiveInfinity;
        for (int k = 0; k < neighbors; k++)
            model.Weights[k] = (float)weights[k];
        Vector256<double> sum = Vector256<double>.Zero;
        int number = 0;
        for (int i = stride / 2; i < Count; i += stride, number++)
        {
            int* rows = state.NeighborRows.Pointer + (long)i * neighbors;
            Vector256<double> rest = Vector256.Load(rests + 4L * i);
            for (int k = 0; k < neighbors; k++)
                rest -= Vector256.Create((double)model.Weights[k]) * Vector256.Load(rests + 4L * rows[k]);
            sum += rest * rest;
        }

        return Vector256.Sum(sum) / (3 * number);
    }
}
