using Denoise.Devices;
using Denoise.Networks.Models;

namespace Denoise.InSitu;

/// <summary>What a <see cref="Session"/> does with its frames. Equal on all ranks.</summary>
public sealed record SessionOptions
{
    public const int DefaultMaxIterations = 8;

    /// <summary>The tolerance, model Å, where structures are not named by common neighbors.</summary>
    public const double FineTolerance = 0.01;

    /// <summary>Checkpoint (.pt) of the network; null, and no <see cref="Model"/>: structures are identified, nothing moves.</summary>
    public string? ModelPath { get; init; }

    /// <summary>The network itself, instead of <see cref="ModelPath"/>.</summary>
    public IModel? Model { get; init; }

    /// <summary>Which engine evaluates the network.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Simd;

    /// <summary>Of <see cref="EngineKind.Torch"/>: <c>cpu</c>, <c>cuda</c> (the one of this rank) or <c>cuda:N</c>.</summary>
    public string TorchDevice { get; init; } = EngineText.Processor;

    /// <summary>What computes the network: <see cref="EngineKind.Simd"/>'s processor, or a device by its kernels.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Processor;

    /// <summary>The devices of this machine; null: its drivers are asked.</summary>
    public DeviceList? Devices { get; init; }

    /// <summary>Place of this process among those of its machine, from 0, which take its cards in turn; null: its environment says.</summary>
    public int? PlaceOnNode { get; init; }

    /// <summary>Most iterations r &lt;- r - prediction(r); 0: nothing moves, and the network only names.</summary>
    public int MaxIterations { get; init; } = DefaultMaxIterations;

    /// <summary>
    /// An atom that is moved by less than this, in model Å, has arrived, and rests until its neighbors have moved: iterations end when all
    /// have. 0: what suits the model and the naming, <see cref="SessionSettings.Tolerance"/>; negative: every atom is moved in every
    /// iteration.
    /// </summary>
    public double Tolerance { get; init; }

    /// <summary>Threads of this process, the caller's included.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Factor on lengths before the network sees them; 0: found from the structure.</summary>
    public double Scale { get; init; }

    public Classification Classification { get; init; } = Classification.AdaptiveCommonNeighbors;

    /// <summary>Of <see cref="Classification.CommonNeighbors"/>, in host lengths.</summary>
    public double CnaCutoff { get; init; }

    /// <summary>Å per host length.</summary>
    public double LengthUnit { get; init; } = 1;

    /// <summary>
    /// Network species of host type t at [t-1], -1: atoms of this type are not seen at all. Null: every type is species 0.
    /// </summary>
    public IReadOnlyList<int>? Species { get; init; }

    /// <summary>Bytes of memory that frames may take in this process; 0: what the machine and its limits leave.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Instead of <see cref="Species"/>: chemical symbol of host type t at [t-1], <c>NULL</c>: not seen at all.</summary>
    public IReadOnlyList<string>? Elements { get; init; }

    /// <summary>
    /// Sums over neighbors are taken in an order that depends neither on the order of the atoms nor on how they are shared out: the same
    /// bits on any number of ranks, for a few percent of the time.
    /// </summary>
    public bool HasFixedOrder { get; init; }

    /// <summary>Results hold by how much atoms were moved instead of where they are then.</summary>
    public bool ReturnsMoves { get; init; }

    /// <summary>What else is computed of every frame, as <see cref="Structure.Analyses.AnalysisCatalog"/> names it.</summary>
    public IReadOnlyList<string> Analyses { get; init; } = [];
}
