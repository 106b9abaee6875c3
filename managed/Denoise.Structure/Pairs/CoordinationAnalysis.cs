using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Pairs;

/// <summary>
/// How many atoms are closer than a cutoff to every atom, of all types and of each: LAMMPS's compute coord/atom. The mean is over
/// the selected atoms; their neighbors are all atoms.
/// </summary>
public sealed unsafe class CoordinationAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("coordination", "coordination:cutoff=RC[,per_type=NUMBER OF TYPES]",
        "atoms within a cutoff, as LAMMPS's coord/atom; per_type=2: those of types 1 and 2 apart", Create);

    private const int Grain = 1 << 12;
    private const int MostTypes = 64;

    private readonly WorkerPool _pool;
    private readonly int _typeCount;
    private readonly long[] _sums;
    private readonly Action _work;
    private readonly WorkerPool.Body _count;

    private AnalysisContext _context = null!;
    private NeighborList _list = null!;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="cutoff">Å</param>
    /// <param name="typeCount">types that are counted apart, 1 to it; 0: none</param>
    public CoordinationAnalysis(WorkerPool pool, double cutoff, int typeCount)
    {
        (_pool, Cutoff, _typeCount, _sums, _work, _count) = (pool, cutoff, typeCount, new long[typeCount + 2], Work, Count);
        string[] names = ["coordination", .. Enumerable.Range(1, typeCount).Select(TypeName)];
        Columns = [.. names.Select((name, k) => new AnalysisColumn(name, ColumnKind.Integer, k == 0 ? "Coordination" : null))];
        Globals = [.. names.Select(name => new AnalysisGlobal($"{name}_mean", ColumnKind.Real))];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff { get; }

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_work);
        Array.Clear(_sums);
        for (int column = 0; column <= _typeCount; column++)
        {
            long* numbers = context.Output.Integers(column);
            for (int i = 0; i < context.Particles.LocalCount; i++)
                if (context.IsSelected(i))
                    _sums[column] += numbers[i];
        }

        for (int i = 0; i < context.Particles.LocalCount; i++)
            if (context.IsSelected(i))
                _sums[^1]++;
        context.Sum(_sums);
        for (int column = 0; column <= _typeCount; column++)
            context.Output.Globals[column] = _sums[^1] > 0 ? (double)_sums[column] / _sums[^1] : 0;
    }

    public void Dispose() { }

    private static CoordinationAnalysis Create(AnalysisArguments arguments, AnalysisServices services) =>
        new(services.Pool, arguments.Length("cutoff"), arguments.Integer("per_type", 0, 1, MostTypes));

    private static string TypeName(int type) => string.Create(CultureInfo.InvariantCulture, $"coordination_{type}");

    private void Work()
    {
        _list = _context.Neighbors(Cutoff);
        _pool.Run(_context.Particles.LocalCount, Grain, _count);
    }

    private void Count(int begin, int end, int worker)
    {
        long* all = _context.Output.Integers(0);
        for (int i = begin; i < end; i++)
            all[i] = _list[i].Count;
        if (_typeCount == 0)
            return;

        // Numbers of one atom, by type; those of types that are not asked for fall into element 0.
        int* numbers = stackalloc int[MostTypes + 1];
        int* types = _context.AtomTypes;
        for (int i = begin; i < end; i++)
        {
            new Span<int>(numbers, MostTypes + 1).Clear();
            NeighborRow row = _list[i];
            for (int k = 0; k < row.Count; k++)
            {
                int type = types == null ? 1 : types[row[k]];
                numbers[(uint)type <= (uint)_typeCount ? type : 0]++;
            }

            for (int type = 1; type <= _typeCount; type++)
                _context.Output.Integers(type)[i] = numbers[type];
        }
    }
}
