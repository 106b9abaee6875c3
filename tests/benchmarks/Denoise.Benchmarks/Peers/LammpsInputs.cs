using System.Globalization;

namespace Denoise.Benchmarks;

/// <summary>Inputs of the runs against which we are measured.</summary>
internal static class LammpsInputs
{
    private const string Potential = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

    public static bool HasPotential => File.Exists(Potential);

    /// <summary>Common neighbor analysis with a fixed cutoff.</summary>
    public static string Cna => string.Create(CultureInfo.InvariantCulture, $"cna/atom {Crystal.Fcc.CnaCutoff}");

    /// <summary>Centro-symmetry of the twelve nearest.</summary>
    public static string CentroSymmetry => "centro/atom fcc";

    /// <summary>
    /// An analysis of every atom in every step of a run in which nothing else happens; its list is built anew every time, because
    /// the list it is derived from is. Uniform noise of the same variance as the other side's.
    /// </summary>
    /// <param name="compute">style and arguments of a compute with one number per atom, or of rdf</param>
    /// <param name="cells">along an edge of the box</param>
    /// <param name="steps">of the run</param>
    public static string Analysis(string compute, int cells, int steps)
    {
        double noise = 0.03 * Crystal.Fcc.Lattice * Math.Sqrt(3), cutoff = PairCutoff(compute);
        string reduction = compute.StartsWith("rdf", StringComparison.Ordinal) ? "" :
            $"compute sum all reduce sum c_analysis{Column(compute)}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            units metal
            lattice fcc {Crystal.Fcc.Lattice}
            region box block 0 {cells} 0 {cells} 0 {cells}
            create_box 1 box
            create_atoms 1 box
            displace_atoms all random {noise} {noise} {noise} 12345
            mass 1 63.546
            pair_style zero {cutoff}
            pair_coeff * *
            neighbor 0.0 bin
            neigh_modify every 1 delay 0 check no
            comm_modify cutoff {2.2 * cutoff}
            compute analysis all {compute}
            {reduction}
            thermo_style custom step {(reduction.Length == 0 ? "c_analysis[1][2]" : "c_sum")}
            thermo 1
            run {steps}

            """);
    }

    /// <summary>That is read of each atom, where there are several.</summary>
    private static string Column(string compute) => compute.Split('/', ' ')[0] switch
    {
        "orientorder" => "[1]",
        "displace" => "[4]",
        _ => "",
    };

    /// <summary>As far as the compute looks: its list is that of the pairs.</summary>
    private static double PairCutoff(string compute) => compute.Split('/', ' ')[0] switch
    {
        "rdf" or "orientorder" => 5,
        "coord" => 3.2,
        "cluster" => 3.1,
        _ => Crystal.Fcc.CnaCutoff,
    };

    /// <summary>Copper at 1,300 K with the embedded-atom potential of the demo; with a model, denoised every so many steps.</summary>
    /// <param name="cells">along an edge of the box</param>
    /// <param name="steps">of the run</param>
    /// <param name="model">null: without fix denoise</param>
    /// <param name="every">N of fix denoise</param>
    public static string Copper(int cells, int steps, string? model = null, int every = 1000) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            units metal
            lattice fcc 3.69
            region box block 0 {cells} 0 {cells} 0 {cells}
            create_box 1 box
            create_atoms 1 box
            pair_style eam/alloy
            pair_coeff * * {Potential} Cu
            neighbor 1.0 bin
            comm_modify cutoff 8.5
            velocity all create 2600 4711 loop geom
            fix move all nve
            timestep 0.002
            thermo_style custom step temp
            thermo 1000000

            """) + (model is null ? "" : string.Create(CultureInfo.InvariantCulture, $"""
            fix denoise all denoise {every} {model} steps 8 tol 1e-9
            fix report all print {every} "SECONDS $(f_denoise[14])"

            """)) + string.Create(CultureInfo.InvariantCulture, $"run {steps}\n");
}
