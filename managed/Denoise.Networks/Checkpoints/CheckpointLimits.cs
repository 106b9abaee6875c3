namespace Denoise.Networks.Checkpoints;

/// <summary>
/// How much a checkpoint may ask for. Generous for any score network (the published ones: 0.6 MB, 12,000 opcodes, 60 tensors),
/// small enough that a hostile file cannot exhaust a compute node. Values of tensors are bounded by the file's own size.
/// </summary>
internal static class CheckpointLimits
{
    public const long FileBytes = 1L << 30;

    public const int ArchiveEntries = 1 << 17;

    public const int PickleBytes = 1 << 26;

    /// <summary>Each opcode makes at most one object of some 50 bytes, so this bounds the memory of the object graph.</summary>
    public const int PickleOpcodes = 1 << 21;

    /// <summary>Python's own long integers; nothing in a checkpoint needs more than a hash or a seed.</summary>
    public const int IntegerBytes = 1024;

    public const int TensorDimensions = 16;

    public const int Tensors = 1 << 16;

    public const int ModuleDepth = 64;

    public const int Modules = 1 << 16;

    public const int ConfigBytes = 1 << 26;

    public const int IrrepsLength = 256;

    /// <summary>Channels of one irrep.</summary>
    public const int Multiplicity = 4096;
}
