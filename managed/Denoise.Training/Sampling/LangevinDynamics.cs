using Denoise.Atoms.Memory;
using Denoise.Training.Batches;

namespace Denoise.Training.Sampling;

/// <summary>
/// Langevin dynamics of the atoms of a cell, in the units of a force law. One cell at a time and on the calling thread: every worker
/// has its own.
/// </summary>
/// <param name="timeStep">a twentieth of a vibration or less</param>
/// <param name="range">of the forces</param>
internal abstract unsafe class LangevinDynamics(double timeStep, double range) : IDisposable
{
    // The list is made anew when an atom has moved by half of the skin.
    private const double Skin = 0.4;

    // Friction 5 per unit of time, which also takes out the heat of the overlaps at the start; every few steps is often enough.
    private const int ThermostatInterval = 4;
    private const double Friction = 5;

    private readonly NativeBuffer<double> _listed = new();

    protected EdgeFinder Finder { get; } = new();

    /// <summary>[atoms, 3]</summary>
    protected NativeBuffer<double> Velocities { get; } = new();

    /// <summary>[atoms, 3] since the edges were listed, in lengths of the cell.</summary>
    protected NativeBuffer<double> Moved { get; } = new();

    /// <summary>[atoms] the others keep still.</summary>
    protected NativeBuffer<bool> Mobile { get; } = new();

    public virtual void Dispose()
    {
        Finder.Dispose();
        Velocities.Dispose();
        _listed.Dispose();
        Moved.Dispose();
        Mobile.Dispose();
    }

    /// <summary>No atom keeps still.</summary>
    protected void MoveAll(TrainingCell cell)
    {
        Mobile.Resize(cell.Count);
        Mobile.Span.Fill(true);
    }

    /// <summary>Adds force times time step to the velocities of the mobile atoms.</summary>
    /// <param name="cell">with edges as they were listed</param>
    /// <param name="a">unit of length in that of the cell</param>
    protected abstract void Accelerate(TrainingCell cell, double a);

    /// <param name="cell">positions move</param>
    /// <param name="a">unit of length in that of the cell</param>
    /// <param name="temperature">in units of energy</param>
    /// <param name="steps">after which the velocities are forgotten</param>
    /// <param name="random">of the thermostat</param>
    protected void Run(TrainingCell cell, double a, double temperature, int steps, ref RandomStream random)
    {
        double kept = Math.Exp(-Friction * ThermostatInterval * timeStep), kick = Math.Sqrt(3 * (1 - kept * kept) * temperature);
        Velocities.Resize(3L * cell.Count);
        Velocities.Clear();
        List(cell, a);
        for (int step = 0; step < steps; step++)
        {
            Accelerate(cell, a);
            if (step % ThermostatInterval == 0)
                for (int c = 0; c < 3 * cell.Count; c++)
                    // Uniform numbers of the variance that normal ones would have do as well.
                    Velocities[c] = kept * Velocities[c] + kick * random.Uniform(-1, 1);
            if (Move(cell, a) > 0.5 * Skin * a)
                List(cell, a);
        }
    }

    private void List(TrainingCell cell, double a)
    {
        Finder.Find(cell, (range + Skin) * a);
        _listed.Resize(3L * cell.Count);
        cell.Positions.Span.CopyTo(_listed.Span);
        Moved.Resize(3L * cell.Count);
        Moved.Clear();
    }

    /// <returns>the longest way that an atom went since the list was made</returns>
    private double Move(TrainingCell cell, double a)
    {
        double longest = 0;
        for (int i = 0; i < cell.Count; i++)
        {
            if (!Mobile[i])
                continue;
            double square = 0;
            for (int c = 3 * i; c < 3 * i + 3; c++)
            {
                cell.Positions[c] += timeStep * a * Velocities[c];
                double moved = Moved[c] = cell.Positions[c] - _listed[c];
                square += moved * moved;
            }

            longest = Math.Max(longest, square);
        }

        return Math.Sqrt(longest);
    }
}
