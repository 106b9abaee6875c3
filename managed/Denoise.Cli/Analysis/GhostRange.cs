using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>
/// How far around its atoms a process needs the images and the atoms of other processes. What is needed follows from the length
/// scale, which the session finds; this guesses it from the density, and repeats a frame for which that was too little. The same
/// for any number of ranks, so that structures are identified within the same range: that is why one process does it too. Nothing
/// is kept from one frame to the next: every frame is treated as if it were alone.
/// </summary>
internal static class GhostRange
{
    // In spacings (V/N)^(1/3) of the atoms where most of them are: three mean distances to the 13 nearest in a crystal, which is
    // more than the session wants.
    private const double FirstGuess = 3.6;

    // From the least that a failed attempt needed to what it should have had.
    private const double Growth = 2;

    // Beyond what was wanted, so that it is wanted once only.
    private const double Room = 1.05;

    private const int MostAttempts = 8;

    // Where all directions are open a process can have all atoms there are.
    private const int AttemptsBeforeAll = 3;

    /// <summary>Tries with more and more ghosts until the session has enough.</summary>
    /// <param name="attempt">
    /// processes the frame with ghosts within a range; null: they were too few. The last attempt throws instead
    /// </param>
    public static FrameResult Process(Session session, in FrameHeader frame, Func<double, bool, FrameResult?> attempt)
    {
        // Atoms in one place have no density; then the cutoff is what there is to go by.
        double spacing = frame.Spacing > 0 ? frame.Spacing : Math.Max(session.Info.Cutoff, 1) / frame.LengthUnit;
        double range = FirstGuess * spacing;
        for (int k = 1; ; k++)
        {
            if (frame.IsOpen && k > AttemptsBeforeAll)
                range = double.PositiveInfinity;
            bool isLast = k == MostAttempts;
            FrameResult? result = attempt(range, isLast);
            double wanted = result is null ? Growth * session.Info.GhostCutoffNeeded : Wanted(session, result, range);
            if (result is not null && (range >= wanted || isLast))
                return result;
            range = Math.Max(wanted, range) * (result is null ? 1 : Room);
        }
    }

    /// <summary>Whether a failed attempt should be followed by another.</summary>
    public static bool IsTooShort(Session session, double range) => session.Info.GhostCutoffNeeded > range;

    private static double Wanted(Session session, FrameResult result, double range) =>
        result.Warnings.HasFlag(FrameWarnings.GhostsShort)
            ? Math.Max(session.Info.GhostCutoffNeeded, 1.2 * range)
            : session.Info.GhostCutoffWanted;
}
