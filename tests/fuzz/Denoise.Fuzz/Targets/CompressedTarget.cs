using Denoise.Fuzz.Mutation;

namespace Denoise.Fuzz.Targets;

/// <summary>Files of atoms in compressed streams.</summary>
internal sealed class CompressedTarget() : TrajectoryTarget("compressed", "fuzz.dump.gz", new CompressedMutator(Formats.Dump));
