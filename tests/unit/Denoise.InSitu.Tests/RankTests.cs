using Denoise.Atoms;
using Denoise.Networks.Maps;
using Denoise.Networks.Models;
using Denoise.Structure.Analyses;
using Denoise.Structure.Soap;

namespace Denoise.InSitu.Tests;

/// <summary>Results do not depend on how the atoms are shared out.</summary>
public sealed class RankTests : IDisposable
{
    private const double GhostCutoff = 8;

    private readonly ScratchFolder _folder = new();

    public static TheoryData<double[]> Cuts() =>
    [
        [0, 1],
        [0, 0.4, 1],
        [0, 0.5, 0.5, 1],
        [0, 0.2, 0.55, 0.8, 1],
    ];

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Denoising_gives_the_same_on_any_number_of_ranks(double[] cuts)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).Rattled(0.3, 6);
        Compare(crystal, cuts, new() { Model = Metals.Model, MaxIterations = 5 });
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Surfaces_and_atoms_that_are_not_seen_give_the_same(double[] cuts)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Bcc, 2.5, 15).AsSlab().Rattled(0.2, 7).Typed(i => i % 11 == 0 ? 2 : 1);
        Compare(crystal, cuts, new() { Model = Metals.Model, MaxIterations = 3, Elements = ["Fe", "NULL"] });
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_conservative_score_gives_the_same(double[] cuts)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).AsSlab().Rattled(0.3, 6);
        Compare(crystal, cuts, new() { Model = Metals.ConservativeModel, MaxIterations = 3, Analyses = ["classes:logits=b"] });
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Identification_alone_gives_the_same(double[] cuts)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Hcp, 3.2, 15).WithoutFraction(0.01, 8).Rattled(0.15, 9);
        Compare(crystal, cuts, new());
        Compare(crystal, cuts, new() { Classification = Classification.CommonNeighbors, CnaCutoff = 3.86 });
    }

    /// <summary>Every analysis of the catalog has a line here.</summary>
    private static readonly string[] AnalysisTexts =
    [
        "acna", "acna:on=raw", "cna:3.4", "coordination:3.4", "rdf:cutoff=6,bins=20", "clusters:fcc,cutoff=3.4", "clusters:all,cutoff=2.7",
        "steinhardt:l=4+6,neighbors=12,averaged,solid=7", "steinhardt:l=6,w,cutoff=3.4",
        "centro", "centro:neighbors=8,method=matching", "msd", "wigner-seitz", "wigner-seitz:mapping=affine,types=2", "strain:cutoff=3.4",
        "strain:cutoff=3.4,mapping=affine", "msd:unwrap", "average:frames=3", "icna", "ackland", "diamond", "chill+", "faults",
        "ptm", "ptm:types=fcc+hcp+ico+cubic-diamond+hexagonal-diamond+graphene,orientation,deformation,ordering",
        "dislocations:structure=fcc,lattice=3.96", "grains:cutoff=3.4", "classes:logits=b", "map:MAPS",
        $"reference:file={WriteReferences()}",
    ];

    public static TheoryData<string> Analyses => [.. AnalysisTexts];

    private static string WriteReferences()
    {
        Box cell = Box.Orthogonal(3.96, 3.96, 3.96);
        ReferenceStructure fcc = new("fcc", cell, [new(0, 0, 0), new(0, 1.98, 1.98), new(1.98, 0, 1.98), new(1.98, 1.98, 0)], new int[4]);
        string path = Path.Combine(Directory.CreateTempSubdirectory("denoise-").FullName, "fcc.ref");
        File.WriteAllText(path, ReferenceBuilder.Build([fcc], ["Cu"], new(4, 4, 3.5, 0.4)).ToText());
        return path;
    }

    [Theory]
    [MemberData(nameof(Analyses))]
    public void Analyses_give_the_same(string analysis)
    {
        analysis = analysis.Replace("MAPS", SaveMaps(), StringComparison.Ordinal);
        // From the first frame to the second atoms change domains.
        TestCrystal before = TestCrystal.Create(StructureType.Fcc, 2.8, 15).WithoutFraction(0.01, 8), crystal = before.Rattled(0.15, 9);
        foreach (double[] cuts in (double[][])[[0, 0.4, 1], [0, 0.2, 0.2, 0.8, 1]])
        {
            if (!analysis.StartsWith("classes", StringComparison.Ordinal))
                Compare(crystal, cuts, new() { Analyses = [analysis] }, before);
            Compare(crystal, cuts, new() { Model = Metals.NamingModel, MaxIterations = 2, Analyses = [analysis, "acna", analysis] }, before);
        }
    }

    [Fact]
    public void What_an_analysis_names_is_the_same()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).WithoutFraction(0.01, 8).Rattled(0.15, 9);
        string[] analyses = ["acna", $"map:{SaveMaps()}", "clusters:fcc+bcc,cutoff=3.4"];
        foreach (NequipModel? model in (NequipModel?[])[null, Metals.Model])
            Compare(crystal, [0, 0.4, 1],
                new() { Model = model, MaxIterations = 2, Classification = Classification.Analysis, Analyses = analyses });
        using Session session = new(new() { Model = Metals.Model, Classification = Classification.Analysis, Analyses = analyses });
        FrameInput frame = new() { LocalCount = crystal.Count, Positions = crystal.Positions, Types = crystal.Types, Box = crystal.Box };
        FrameResult result = session.Process(frame);
        Assert.Equal(["other", "fcc", "bcc", "glass"], result.Structures.Select(structure => structure.Name));
        ResultColumn column = result.Columns.Single(column => column.Name == "map");
        for (int i = 0; i < crystal.Count; i++)
            Assert.Equal(column.Integers[i], result.StructureTypes[i]);
        using Session raw = new(new() { Classification = Classification.Analysis, Analyses = analyses });
        Assert.Equal(raw.Process(frame).StructureTypes.ToArray(), result.RawStructureTypes.ToArray());
    }

    [Fact]
    public void Who_shall_name_must_be_there() => Assert.Contains("names atoms", Assert.Throws<SessionException>(() => new Session(
        new() { Classification = Classification.Analysis, Analyses = ["acna"] })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void What_the_network_names_is_the_same(int iterations)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).WithoutFraction(0.01, 8).Rattled(0.15, 9);
        foreach (double[] cuts in (double[][])[[0, 0.4, 1], [0, 0.2, 0.2, 0.8, 1]])
            Compare(crystal, cuts, new()
            {
                Model = Metals.NamingModel,
                MaxIterations = iterations,
                Classification = Classification.Model,
                Analyses = ["clusters:a+b,cutoff=2.7", "classes"],
            });
    }

    [Fact]
    public void Every_analysis_is_compared() => Assert.Equal(
        AnalysisCatalog.All.Select(kind => kind.Name).Order(),
        AnalysisTexts.Select(text => text.Split(':')[0]).Distinct().Order());

    [Fact]
    public void Logits_beside_the_displacement_change_nothing()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 10).Rattled(0.2, 9);
        FrameInput frame = new() { LocalCount = crystal.Count, Positions = crystal.Positions, Types = crystal.Types, Box = crystal.Box };
        using Session one = new(new() { Model = Metals.Model, MaxIterations = 4 });
        using Session two = new(new() { Model = Metals.NamingModel, MaxIterations = 4, Analyses = ["classes"] });
        FrameResult expected = one.Process(frame), result = two.Process(frame);
        Tolerance.AssertClose(expected.Positions.ToArray(), result.Positions.ToArray(), Tolerance.Single, "positions");
        Assert.Equal(crystal.Count, result.Globals.Take(3).Sum(global => global.Value));
        using Session reference = new(new() { Model = Metals.NamingModel, MaxIterations = 4, Analyses = ["classes"], Engine = EngineKind.Reference });
        FrameResult exact = reference.Process(frame);
        Tolerance.AssertClose([.. exact.Columns[1].Reals], [.. result.Columns[1].Reals], 1e-4, "probability");
        Assert.Contains("--classes", Assert.Throws<SessionException>(
            () => new Session(new() { Model = Metals.Model, Analyses = ["classes"] })).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The path of a Neighbors Map.</summary>
    private string SaveMaps()
    {
        MapFile.Save(_folder["maps.pt"], TestMaps.Create(["fcc", "glass", "bcc"], 3), new Dictionary<string, string>());
        return _folder["maps.pt"];
    }

    /// <summary>Holds what ranks make of a crystal against what one process makes of it, with other options if there are some.</summary>
    internal static void Compare(
        TestCrystal crystal, double[] cuts, SessionOptions options, TestCrystal? before = null, SessionOptions? ofOne = null)
    {
        using Session alone = new(ofOne ?? options);
        if (before is not null)
            alone.Process(new() { LocalCount = before.Count, Positions = before.Positions, Types = before.Types, Box = before.Box });
        FrameResult expected = alone.Process(new()
        {
            LocalCount = crystal.Count,
            Positions = crystal.Positions,
            Types = crystal.Types,
            Box = crystal.Box,
        });

        double[][] columns = [.. expected.Columns.Select(_ => new double[crystal.Count])];
        int[] types = new int[crystal.Count], rawTypes = new int[crystal.Count];
        double[] moved = new double[3 * crystal.Count], displacements = new double[crystal.Count];
        double reach = Math.Max(GhostCutoff, alone.Info.GhostCutoffNeeded);
        VirtualDomain[] domains = VirtualDomain.Cut(crystal, cuts, reach);
        VirtualDomain[][] frames = before is null ? [domains] : [VirtualDomain.Cut(before, cuts, reach), domains];
        Session?[] sessions = new Session?[domains.Length];
        Assert.Equal(crystal.Count, domains.Sum(domain => domain.LocalCount));
        Exception?[] failures = VirtualRanks.Run(frames, (communicator, halo, domain) =>
        {
            Session session = sessions[communicator.Rank] ??= new(options, communicator);
            FrameResult result = session.Process(domain.Frame(halo));
            if (!ReferenceEquals(domain, domains[communicator.Rank]))
                return;
            Assert.Equal(alone.Info.Cutoff, session.Info.Cutoff);
            Assert.Equal([.. CountsOf(expected)], [.. CountsOf(result)]);
            Assert.Equal(expected.Iterations, result.Iterations);
            Assert.Equal(expected.Scale, result.Scale, 1e-9);
            Assert.Equal(expected.RmsDisplacement, result.RmsDisplacement, 1e-5);
            Assert.Equal(expected.Globals.Select(global => global.Name), result.Globals.Select(global => global.Name));
            foreach ((ResultGlobal one, ResultGlobal other) in expected.Globals.Zip(result.Globals))
                Assert.True(Math.Abs(one.Value - other.Value) <= 1e-5 * Math.Max(1, Math.Abs(one.Value)),
                    $"{one.Name} is {one.Value}, and {other.Value} on {communicator.Size} ranks");
            for (int i = 0; i < domain.LocalCount; i++)
            {
                int atom = (int)domain.Ids[i] - 1;
                (types[atom], rawTypes[atom]) = (result.StructureTypes[i], result.RawStructureTypes[i]);
                displacements[atom] = result.Displacements[i];
                for (int k = 0; k < columns.Length; k++)
                    columns[k][atom] = ValueAt(result.Columns[k], i);
                for (int axis = 0; axis < 3; axis++)
                    moved[3 * atom + axis] = result.Positions[3 * i + axis] - domain.Positions[3 * i + axis];
            }
        });

        Assert.All(failures, Assert.Null);
        foreach (Session? session in sessions)
            session!.Dispose();
        Assert.Equal(expected.StructureTypes.ToArray(), types);
        Assert.Equal(expected.RawStructureTypes.ToArray(), rawTypes);
        double[] expectedMoves = [.. expected.Positions.ToArray().Zip(crystal.Positions, (after, before) => after - before)];
        Tolerance.AssertClose(expectedMoves, moved, Tolerance.Single, "moves");
        Tolerance.AssertClose(expected.Displacements, displacements, Tolerance.Single, "displacements");

        for (int k = 0; k < columns.Length; k++)
            Tolerance.AssertClose([.. Enumerable.Range(0, crystal.Count).Select(i => ValueAt(expected.Columns[k], i))], columns[k],
                expected.Columns[k].Kind == ColumnKind.Integer ? 0 : Tolerance.Single, expected.Columns[k].Name);

        static double ValueAt(ResultColumn column, int i) =>
            column.Kind == ColumnKind.Integer ? column.Integers[i] : column.Reals[i];

        static IEnumerable<long> CountsOf(FrameResult result) => [.. result.Counts, .. result.RawCounts];
    }
}
