namespace Denoise.InSitu.Tests;

/// <summary>Tests that measure the process run beside no others.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
