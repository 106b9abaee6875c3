using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Benchmarks;

/// <summary>A short trajectory that LAMMPS makes once and the build folder keeps.</summary>
/// <param name="Name">what it shows</param>
/// <param name="Cells">along an edge of the box</param>
/// <param name="Temperature">K</param>
/// <param name="Extra">lines between the atoms' creation and the run</param>
/// <param name="Columns">of the dump, behind the positions</param>
internal sealed record TrajectoryCase(string Name, int Cells, double Temperature, string Extra = "", string Columns = "")
{
    private const int Settle = 1000;
    private const int FrameCount = 21;
    private const int Every = 100;
    private const double StepFemtoseconds = 2;

    /// <summary>Of an error of velocities, in Å/ps, over that of positions, in Å: what it moves an atom in 0.1 ps.</summary>
    private const double VelocityBound = 10;

    // The size of the figures of MDZ, to which the first two are held; the others are smaller because more would say no more.
    public static IReadOnlyList<TrajectoryCase> All { get; } =
    [
        new("copper 300 K", 25, 300),
        new("copper 1000 K", 25, 1000),
        new("copper 1000 K with velocities", 15, 1000, Columns: " vx vy vz"),
        new("copper melt 2000 K", 15, 2000, Extra: "fix hot all langevin 4000 4000 0.05 7\nfix e all nve\nrun 1000\nunfix hot\nunfix e"),
        new("copper crystal and melt 1325 K", 15, 1325, Extra: """
            region up block INF INF INF INF $(0.5*zhi) INF units box
            group up region up
            fix hot up langevin 4000 4000 0.05 7
            fix e up nve
            run 1000
            unfix hot
            unfix e
            """),
        new("copper-nickel alloy 1000 K", 15, 1000, Extra: "set type 1 type/ratio 2 0.5 7"),
        new("copper slab in vacuum 1000 K", 15, 1000, Extra: "change_box all z delta -20 20 units box"),
    ];

    /// <summary>Time between frames, fs.</summary>
    public double Spacing => Every * StepFemtoseconds;

    /// <summary>The trajectory's file.</summary>
    public string Make(string lammps, string folder)
    {
        string path = Path.Combine(folder, Name.Replace(' ', '-') + ".dump");
        if (!File.Exists(path))
        {
            _ = LammpsRun.Of(lammps, Input(path + ".part"));
            File.Move(path + ".part", path);
        }

        return path;
    }

    /// <summary>Bounds of the columns of its frames.</summary>
    public IReadOnlyDictionary<string, double> ColumnBounds(Frame frame, double bound) =>
        frame.Columns.ToDictionary(column => column.Name, _ => VelocityBound * bound);

    private string Input(string path) => string.Create(CultureInfo.InvariantCulture, $"""
        units metal
        lattice fcc 3.615
        region box block 0 {Cells} 0 {Cells} 0 {Cells}
        create_box 2 box
        create_atoms 1 box
        pair_style eam/alloy
        pair_coeff * * /usr/share/lammps/potentials/CuNi.eam.alloy Cu Ni
        mass 1 63.546
        mass 2 58.693
        neigh_modify every 5 delay 0
        timestep {StepFemtoseconds / 1000}
        velocity all create {2 * Temperature} 4711 loop geom
        {Extra}
        fix move all npt temp {Temperature} {Temperature} 0.1 {(Name.Contains("slab") ? "x 0 0 1 y 0 0 1" : "iso 0 0 1")}
        thermo 1000
        run {Settle}
        reset_timestep 0
        dump frames all custom {Every} {path} id type x y z{Columns}
        dump_modify frames sort id format float %.8g
        run {(FrameCount - 1) * Every}

        """);
}
