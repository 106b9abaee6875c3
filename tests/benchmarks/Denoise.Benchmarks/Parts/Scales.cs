namespace Denoise.Benchmarks;

/// <summary>What a part is measured over, beside its own line.</summary>
[Flags]
internal enum Scales
{
    None = 0,
    Threads = 1,
    Sizes = 2,
    Both = Threads | Sizes,
}
