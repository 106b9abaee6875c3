using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>Structures by the logits of a model.</summary>
public sealed class NamingTests
{
    // OVITO has no numbers for them.
    private const int A = StructureTable.FirstUnlisted, B = A + 1;

    private static readonly TestCrystal Crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12).WithoutFraction(0.05, 3).Rattled(0.2, 9);

    private static FrameInput Frame => new() { LocalCount = Crystal.Count, Positions = Crystal.Positions, Box = Crystal.Box };

    private static SessionOptions ByModel(int iterations) =>
        new() { Model = Metals.NamingModel, MaxIterations = iterations, Classification = Classification.Model };

    [Fact]
    public void Types_counts_and_probability_are_those_of_the_analysis_of_classes()
    {
        using Session session = new(ByModel(3) with { Analyses = ["classes"] });
        FrameResult result = session.Process(Frame);
        Assert.Equal([new("other", 0), new("a", A), new("b", B)], session.Structures);
        Assert.Equal(["probability", "class"], session.Columns.Take(2).Select(column => column.Name));
        int[] numbers = [0, A, B];
        Assert.Equal(result.Columns[1].Integers.ToArray().Select(label => numbers[label]), result.StructureTypes.ToArray());
        Assert.Equal(result.Columns[2].Reals.ToArray(), result.Columns[0].Reals.ToArray());
        Assert.Equal("probability_mean", result.Globals[0].Name);
        Assert.Equal(result.Globals[^1].Value, result.Globals[0].Value);
        long[] counts = [.. numbers.Select(number => result.StructureTypes.ToArray().LongCount(type => type == number))];
        Assert.Equal(counts, result.Counts.ToArray());
        Assert.Equal(
            [.. numbers.Select(number => result.RawStructureTypes.ToArray().LongCount(type => type == number))], result.RawCounts.ToArray());
        Assert.True(counts.Count(count => count > 0) > 1, "one class alone shows nothing");
    }

    [Fact]
    public void Raw_names_are_those_of_the_frame_as_it_came()
    {
        using Session zero = new(ByModel(0) with { Classification = Classification.Automatic });
        FrameResult named = zero.Process(Frame);
        Assert.Equal((Classification.Model, false), (zero.Classification, zero.Moves));
        Assert.Equal((0, 0.0, FrameWarnings.None), (named.Iterations, named.RmsDisplacement, named.Warnings));
        Assert.Equal(Crystal.Positions, named.Positions.ToArray());
        Assert.Equal(named.RawStructureTypes.ToArray(), named.StructureTypes.ToArray());
        Assert.Equal(Crystal.Count, named.Outside.Seen);

        using Session three = new(ByModel(3) with { Classification = Classification.Automatic });
        FrameResult moved = three.Process(Frame);
        Assert.Equal(named.StructureTypes.ToArray(), moved.RawStructureTypes.ToArray());
        // One iteration moves them, and the names are those of before.
        using Session one = new(ByModel(1));
        Assert.Equal(named.StructureTypes.ToArray(), one.Process(Frame).StructureTypes.ToArray());
    }

    [Fact]
    public void A_network_whose_gradient_denoises_names_as_well()
    {
        SessionOptions options = new() { Model = Metals.ConservativeModel, MaxIterations = 2, Classification = Classification.Automatic };
        using Session moving = new(options), still = new(options with { MaxIterations = 0 });
        FrameResult moved = moving.Process(Frame), named = still.Process(Frame);
        Assert.Equal((Classification.Model, true, false), (moving.Classification, moving.Moves, still.Moves));
        Assert.Equal((2, 0), (moved.Iterations, named.Iterations));
        Assert.Equal(named.StructureTypes.ToArray(), moved.RawStructureTypes.ToArray());
        Assert.Equal(Crystal.Positions, named.Positions.ToArray());
    }

    [Fact]
    public void The_order_of_the_classes_changes_no_name()
    {
        using Session session = new(ByModel(2));
        FrameResult expected = session.Process(Frame);
        foreach (string[] classes in (string[][])[["none", "b", "a"], ["b", "a", "none"], ["b", "none", "a"]])
        {
            using Session other = new(ByModel(2) with { Model = Metals.Reordered(classes) });
            FrameResult result = other.Process(Frame);
            Assert.Equal(session.Structures, other.Structures);
            Assert.Equal(expected.StructureTypes.ToArray(), result.StructureTypes.ToArray());
            Assert.Equal(expected.RawStructureTypes.ToArray(), result.RawStructureTypes.ToArray());
            Assert.Equal(expected.Counts.ToArray(), result.Counts.ToArray());
            Tolerance.AssertClose([.. expected.Columns[0].Reals], [.. result.Columns[0].Reals], Tolerance.Single, "probability");
        }
    }

    [Fact]
    public void Atoms_that_are_not_seen_or_not_selected_are_other_and_not_counted()
    {
        TestCrystal mixed = Crystal.Typed(i => i % 5 == 0 ? 2 : 1);
        int[] selection = [.. Enumerable.Range(0, mixed.Count).Select(i => i % 2)];
        using Session session = new(ByModel(1) with { Elements = ["Cu", "NULL"] });
        FrameResult result = session.Process(new()
        {
            LocalCount = mixed.Count,
            Positions = mixed.Positions,
            Types = mixed.Types,
            Selection = selection,
            Box = mixed.Box,
        });
        int[] hidden = [.. Enumerable.Range(0, mixed.Count).Where(i => i % 5 == 0 || selection[i] == 0)];
        Assert.All(hidden, i => Assert.Equal((0, 0, 0), (result.StructureTypes[i], result.RawStructureTypes[i], result.Columns[0].Reals[i])));
        Assert.Equal(mixed.Count - hidden.Length, result.Counts.ToArray().Sum());
    }

    [Fact]
    public void What_cannot_be_is_said()
    {
        static string Message(SessionOptions options) => Assert.Throws<SessionException>(() => new Session(options)).Message;
        Assert.Contains("has no logits; 'denoise train --classes'", Message(ByModel(1) with { Model = Metals.Model }), StringComparison.Ordinal);
        Assert.Contains("need a model", Message(new() { Classification = Classification.Model }), StringComparison.Ordinal);
        Assert.Contains("nothing to do", Message(new() { Model = Metals.Model, MaxIterations = 0 }), StringComparison.Ordinal);
        Assert.Contains("'c' is no structure; there are all, other, a, b", Message(
            ByModel(1) with { Analyses = ["clusters:c,cutoff=3"] }), StringComparison.Ordinal);
        // Without being asked, what fits the model.
        using Session plain = new(new() { Model = Metals.Model, Classification = Classification.Automatic });
        Assert.Equal((Classification.AdaptiveCommonNeighbors, StructureTable.OfCommonNeighbors), (plain.Classification, plain.Structures));
        NequipModel vectors = NequipModel.CreateRandom(TestNetwork.Tiny with { Output = "2x1e" }, 1);
        Assert.Contains("neither a displacement nor classes", Message(new() { Model = vectors }), StringComparison.Ordinal);
    }
}
