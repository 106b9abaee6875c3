namespace Denoise.Benchmarks;

/// <summary>
/// One measured part of the program. A new benchmark is a file with a class of this kind and a line in <see cref="Part"/>.
/// </summary>
internal abstract class Benchmark : IDisposable
{
    /// <summary>What is measured, as it appears in the table and as the filter sees it.</summary>
    public abstract string Name { get; }

    /// <summary>Atoms per run: the table's rate is atoms per second.</summary>
    public abstract long Atoms { get; }

    /// <summary>Bytes of native memory that the measured part holds after a run, beyond its input.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>Arithmetic and traffic counted from the algorithm; null where neither says anything.</summary>
    public virtual Work? Work => null;

    /// <summary>Further figures for the document, by name.</summary>
    public virtual IEnumerable<(string Key, object? Value)> Details => [];

    /// <summary>Makes the input; not measured.</summary>
    public abstract void Prepare();

    /// <summary>The measured work; called several times on the same input.</summary>
    public abstract void Run();

    /// <summary>A figure of the result (a count, a sum) that shows that the work was done.</summary>
    public virtual string Result => "";

    public abstract void Dispose();
}
