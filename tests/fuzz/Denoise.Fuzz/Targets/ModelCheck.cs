using Denoise.Atoms;
using Denoise.InSitu;
using Denoise.Networks.Models;

namespace Denoise.Fuzz.Targets;

/// <summary>Whether a network that was accepted can be used: one step on a small crystal.</summary>
internal sealed class ModelCheck
{
    private const double LatticeConstant = 3.6;
    private const int Cells = 2;

    private readonly double[] _positions = Positions();

    public void Run(NequipModel model)
    {
        // A classifier is a network, but none for a session, which says so.
        using Session session = new(new SessionOptions
        {
            Model = model,
            MaxIterations = 1,
            MemoryLimit = Running.Limits.SessionBytes,
        });
        FrameResult result = session.Process(new FrameInput
        {
            LocalCount = _positions.Length / 3,
            Positions = _positions,
            Box = Box.Orthogonal(Cells * LatticeConstant, Cells * LatticeConstant, Cells * LatticeConstant),
        });
        BrokenPromise.Unless(double.IsFinite(result.Scale) && result.Scale > 0, $"a scale of {result.Scale}");
        foreach (double x in result.Positions)
            BrokenPromise.Unless(double.IsFinite(x), "a denoised position that is not finite");
    }

    /// <summary>An fcc crystal, rattled a little.</summary>
    private static double[] Positions()
    {
        Random random = new(1);
        List<double> positions = [];
        for (int x = 0; x < 2 * Cells; x++)
            for (int y = 0; y < 2 * Cells; y++)
                for (int z = 0; z < 2 * Cells; z++)
                    if ((x + y + z) % 2 == 0)
                        positions.AddRange(new[] { x, y, z }.Select(k => (k + 0.1 * random.NextDouble()) * LatticeConstant / 2));
        return [.. positions];
    }
}
