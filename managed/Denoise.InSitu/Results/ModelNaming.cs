using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Structure.Classes;

namespace Denoise.InSitu.Results;

/// <summary>Names atoms by the largest of their logits.</summary>
internal sealed unsafe class ModelNaming
{
    private const int Grain = 1 << 12;

    private readonly WorkerPool _pool;
    private readonly int[] _numbers;
    private readonly WorkerPool.Body _name;

    private float* _logits;
    private int* _types;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="classes">names of the logits, in order</param>
    public ModelNaming(WorkerPool pool, IReadOnlyList<string> classes) =>
        (_pool, _numbers, _name) = (pool, StructureTable.NumbersOf(classes), Name);

    /// <param name="logits">[atoms, classes]</param>
    /// <param name="atoms">number of atoms</param>
    /// <param name="types">[atoms] receives numbers of <see cref="StructureTable"/>; "other" where a logit is no number</param>
    public void Run(float* logits, int atoms, int* types)
    {
        _logits = logits;
        _types = types;
        _pool.Run(atoms, Grain, _name);
    }

    private void Name(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            int best = LogitRow.Best(new(_logits + (nint)i * _numbers.Length, _numbers.Length));
            _types[i] = best < 0 ? 0 : _numbers[best];
        }
    }
}
