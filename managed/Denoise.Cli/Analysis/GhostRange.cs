using Denoise.Atoms;
using Denoise.InSitu;
using Denoise.Networks.Models;

namespace Denoise.Cli.Analysis;

/// <summary>
/// How far around its atoms a process needs the images and the atoms of other processes. What is needed follows from the length
/// scale, which the session finds; this guesses it from the density, and repeats a frame for which that was too little. The same
/// for any number of ranks, so that structures are identified within the same range: that is why one process does it too.
/// </summary>
internal sealed class GhostRange(NequipModel? model)
{
    // In mean spacings (V/N)^(1/3): three mean distances to the 13 nearest in a crystal, of which the session uses 2.2, and room
    // for the atoms to move.
    private const double FirstGuess = 3.6;

    // From the least that a failed attempt needed to what it should have had.
    private const double Growth = 2;

    // What the session looks at beyond its least, as in Surroundings: distances for identification, and model Å of movement.
    private const double IdentificationReach = 2.2;
    private const double MovementMargin = 1.5;

    private const int MostAttempts = 8;

    // Where all directions are open a process can have all atoms there are.
    private const int AttemptsBeforeAll = 3;

    // Learned from earlier frames: densities of inhomogeneous frames say little.
    private double _factor = FirstGuess;

    /// <summary>Mean distance between atoms: (V/N)^(1/3), V the box, cut to the atoms where it is open; 0 where that is flat.</summary>
    public static double Spacing(Frame frame)
    {
        if (frame.Count == 0)
            return 0;
        double volume = frame.Box.Volume;
        var (a, b, c) = frame.Box.Reciprocal;
        ReadOnlySpan<Vec3> rows = [a, b, c];
        for (int axis = 0; axis < 3; axis++)
        {
            if (frame.Box.IsPeriodic(axis))
                continue;
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (long i = 0; i < frame.Count; i++)
            {
                double f = Vec3.Dot(rows[axis], new(frame.Positions[3 * i], frame.Positions[3 * i + 1], frame.Positions[3 * i + 2]));
                (low, high) = (Math.Min(low, f), Math.Max(high, f));
            }

            volume *= high - low;
        }

        return double.IsFinite(volume) ? Math.Cbrt(volume / frame.Count) : 0;
    }

    /// <summary>Tries with more and more ghosts until the session has enough.</summary>
    /// <param name="attempt">processes the frame with ghosts within a range; null: they were too few</param>
    public FrameResult Process(Session session, in FrameHeader frame, Func<double, FrameResult?> attempt)
    {
        // Atoms in a plane or on a line have no density; then the cutoff is what there is to go by.
        double spacing = frame.Spacing > 0 ? frame.Spacing : Math.Max(session.Info.Cutoff, 1) / frame.LengthUnit;
        for (int k = 1; ; k++)
        {
            bool isLast = k == MostAttempts;
            double range = frame.IsOpen && k > AttemptsBeforeAll ? double.PositiveInfinity : _factor * spacing;
            FrameResult? result = attempt(range);
            double wanted = result is null ? Growth * session.Info.GhostCutoffNeeded : Wanted(session, result, frame.LengthUnit, range);
            if (result is not null && (range >= wanted || isLast))
                return result;
            _factor = Math.Max(wanted, range) / spacing * (result is null ? 1 : 1.05);
        }
    }

    /// <summary>Whether a failed attempt should be followed by another.</summary>
    public static bool IsTooShort(Session session, double range) => session.Info.GhostCutoffNeeded > range;

    private double Wanted(Session session, FrameResult result, double lengthUnit, double range)
    {
        double wanted = result.Warnings.HasFlag(FrameWarnings.GhostsShort) ? Math.Max(session.Info.GhostCutoffNeeded, 1.2 * range) : 0;
        if (model is null)
            return wanted;
        double modelLength = Math.Max(model.Config.Cutoff + MovementMargin, IdentificationReach * model.Config.ScaleLength);
        return Math.Max(wanted, modelLength / (result.Scale * lengthUnit));
    }
}
