using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;
using Denoise.Neighbors;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// Which atoms the network is asked about again. What it says of an atom depends on where the atom and its neighbors are, so an atom rests
/// once it has been moved by less than a tolerance and its neighbors by less than a tolerance over <see cref="NeighborWeight"/>, and is
/// asked about again when their steps since then add up to that: by squares, because steps of a crystal that is found shrink from one
/// iteration to the next and point anywhere. This is decided atom by atom from the steps of the atom and of the neighbors in its list,
/// which are the same on every rank. Lengths in model Å, squares in Å^2.
/// </summary>
internal sealed unsafe class ActiveAtoms : IDisposable
{
    /// <summary>
    /// How much of a neighbor's step counts as the atom's own. Its own step changes what is left to predict by as much; that of one of a
    /// dozen neighbors by less: a twelfth if all are alike, but several may step the same way.
    /// </summary>
    public const float NeighborWeight = 0.5f;

    private const int Grain = 1 << 10;

    private readonly WorkerPool _pool;
    private readonly NativeBuffer<byte> _flags = new();
    private readonly NativeBuffer<float> _drift2 = new();
    private readonly int[] _counts;
    private readonly WorkerPool.Body _decide;

    private Particles _particles = null!;
    private NeighborList _list = null!;
    private float* _steps;
    private float _tolerance2;
    private bool _isBounded;

    /// <param name="pool">threads, borrowed</param>
    public ActiveAtoms(WorkerPool pool)
    {
        (_pool, _decide) = (pool, Decide);
        _counts = new int[pool.Count];
    }

    /// <summary>[nLocal] 0 where an atom rests; null: none does.</summary>
    public byte* Flags => Count < _flags.Length ? _flags.Pointer : null;

    /// <summary>Atoms that do not rest.</summary>
    public int Count { get; private set; }

    /// <summary>No atom rests.</summary>
    /// <param name="atoms">owned</param>
    /// <param name="tolerance">negative: none ever will</param>
    public void Begin(int atoms, double tolerance)
    {
        (_isBounded, _tolerance2) = (tolerance >= 0, (float)(tolerance * tolerance));
        _flags.Resize(atoms);
        _flags.Span.Fill(1);
        Count = atoms;
        if (!_isBounded)
            return;
        _drift2.Resize(atoms);
        _drift2.Clear();
    }

    /// <summary>Decides which atoms rest, after a step of those that did not.</summary>
    /// <param name="particles">of the frame</param>
    /// <param name="list">that the network has just been asked with</param>
    /// <param name="steps">[nLocal, and ghosts of a host] how far each has just been moved</param>
    public void Update(Particles particles, NeighborList list, float* steps)
    {
        if (!_isBounded)
            return;
        (_particles, _list) = (particles, list);
        _steps = steps;
        Array.Clear(_counts);
        _pool.Run(particles.LocalCount, Grain, _decide);
        Count = _counts.Sum();
    }

    public void Dispose()
    {
        _flags.Dispose();
        _drift2.Dispose();
    }

    private void Decide(int begin, int end, int worker)
    {
        float* steps = _steps;
        int owned = _particles.LocalCount;
        int* owners = _particles.Halo.TryGetOwners(out int* found) ? found : null;
        float tolerance2 = _tolerance2;
        int active = 0;
        for (int i = begin; i < end; i++)
        {
            // It counts from the last time that the network was asked about the atom.
            float before2 = _flags[i] != 0 ? 0 : _drift2[i], own2 = steps[i] * steps[i], farthest = 0;
            float enough = MathF.Sqrt(Math.Max(0, tolerance2 - before2)) / NeighborWeight;
            if (before2 + own2 < tolerance2)
                foreach (int j in _list[i].Span)
                {
                    farthest = Math.Max(farthest, steps[j < owned || owners == null ? j : owners[j - owned]]);
                    if (farthest >= enough)
                        break;
                }

            float drift2 = before2 + Math.Max(own2, NeighborWeight * NeighborWeight * farthest * farthest);
            bool moves = drift2 >= tolerance2 || farthest >= enough;
            _drift2[i] = drift2;
            _flags[i] = moves ? (byte)1 : (byte)0;
            active += moves ? 1 : 0;
        }

        _counts[worker] += active;
    }
}
