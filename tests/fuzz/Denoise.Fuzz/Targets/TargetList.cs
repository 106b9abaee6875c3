using Denoise.Fuzz.Mutation;

namespace Denoise.Fuzz.Targets;

/// <summary>All targets. A new one is a class and a line here.</summary>
internal static class TargetList
{
    private static readonly (string Name, Func<Target> Create)[] All =
    [
        ("dump", () => new TrajectoryTarget("dump", "fuzz.dump", Formats.Dump)),
        ("dump-binary", () => new TrajectoryTarget("dump-binary", "fuzz.bin", ByteMutator.Instance)),
        ("xtc", () => new TrajectoryTarget("xtc", "fuzz.xtc", ByteMutator.Instance)),
        ("dcd", () => new TrajectoryTarget("dcd", "fuzz.dcd", ByteMutator.Instance)),
        ("netcdf", () => new TrajectoryTarget("netcdf", "fuzz.nc", ByteMutator.Instance)),
        ("dnz", () => new TrajectoryTarget("dnz", "fuzz.dnz", new RecordMutator())),
        ("data", () => new TrajectoryTarget("data", "fuzz.data", Formats.Data)),
        ("xyz", () => new TrajectoryTarget("xyz", "fuzz.xyz", Formats.Xyz)),
        ("poscar", () => new TrajectoryTarget("poscar", "fuzz.vasp", Formats.Poscar)),
        ("gro", () => new TrajectoryTarget("gro", "fuzz.gro", Formats.Gro)),
        ("pdb", () => new TrajectoryTarget("pdb", "fuzz.pdb", Formats.Pdb)),
        ("cif", () => new TrajectoryTarget("cif", "fuzz.cif", Formats.Cif)),
        ("compressed", () => new CompressedTarget()),
        ("checkpoint", () => new CheckpointTarget()),
        ("configuration", () => new ConfigurationTarget()),
        ("torchscript", () => new TorchScriptTarget()),
        ("options", () => new OptionsTarget()),
        ("session", () => new SessionTarget()),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(target => target.Name)];

    public static void Require(string name)
    {
        if (!Names.Contains(name))
            throw new ArgumentException($"fuzz: there is no target '{name}'; there are {string.Join(", ", Names)}");
    }

    public static Target Create(string name)
    {
        Require(name);
        return All.First(target => target.Name == name).Create();
    }
}
