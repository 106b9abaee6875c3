using Denoise.Atoms;
using Denoise.Structure.Analyses;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

public sealed class ClassAnalysisTests
{
    private static readonly string[] Classes = ["bcc", "none", "hex-diamond"];

    private static readonly Lattice Three = new("three", Box.Orthogonal(9, 9, 9), [new(0, 0, 0), new(1, 1, 1), new(2, 2, 2)]);

    [Fact]
    public void Probability_margin_and_entropy_equal_the_softmax()
    {
        double e = Math.E;
        // 1 : e : 1/e, all alike (the first is named), one certain.
        float[] logits = [0, 1, -1, 5, 5, 5, -900, -900, 100];
        using AnalysisFrame frame = Run("classes:logits=hex-diamond+none", logits);
        Assert.Equal([0, 1, 2], frame.Column("class"));
        double sum = 1 + e + 1 / e;
        double[] p = [1 / sum, e / sum, 1 / (e * sum)];
        Tolerance.AssertClose([e / sum, 1.0 / 3, 1], frame.Column("class_probability"), Tolerance.ClosedForm, "probability");
        Tolerance.AssertClose([1, 0, 1000], frame.Column("class_margin"), Tolerance.ClosedForm, "margin");
        Tolerance.AssertClose([-p.Sum(one => one * Math.Log(one)), Math.Log(3), 0], frame.Column("class_entropy"), Tolerance.ClosedForm, "entropy");
        Assert.Equal([-1, 5, 100], frame.Column("logit_hex_diamond"));
        Assert.Equal([1, 5, -900], frame.Column("logit_none"));
        Assert.Equal((1, 1, 1), (frame.Global("class_none"), frame.Global("class_bcc"), frame.Global("class_hex_diamond")));
        Assert.Equal((e / sum + 1.0 / 3 + 1) / 3, frame.Global("class_probability_mean"), 1e-11);
    }

    [Fact]
    public void Atoms_that_are_not_selected_are_not_counted()
    {
        using AnalysisFrame frame = Run("classes", [3, 0, 0, 3, 0, 0, 3, 0, 0], selection: [1, 0, 1]);
        Assert.Equal((0, 2), (frame.Global("class_none"), frame.Global("class_bcc")));
    }

    [Fact]
    public void Further_frames_allocate_nothing()
    {
        using AnalysisFrame frame = Run("classes:logits=bcc", [0, 1, -1, 5, 5, 5, 0, 0, 100]);
        Assert.Equal(0, Allocations.AfterTheFirst(frame.Again));
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        Assert.Contains("--classes", Assert.Throws<InputException>(() => new AnalysisFrame("classes")).Message, StringComparison.Ordinal);
        Assert.Contains("no class 'fcc'; it has bcc, none, hex-diamond", Assert.Throws<InputException>(
            () => new AnalysisFrame("classes:logits=fcc", classes: Classes)).Message, StringComparison.Ordinal);
        using AnalysisFrame frame = new("classes", classes: Classes);
        Assert.Contains("on=raw", Assert.Throws<InputException>(() => frame.Run(Three)).Message, StringComparison.Ordinal);
        Assert.Equal(FrameMemory.None, AnalysisCatalog.MemoryOf(["classes:logits=fcc"]));
    }

    [Fact]
    public void All_logits_are_shown_in_the_order_of_the_model()
    {
        float[] logits = [0, 1, -1, 5, 5, 4, 0, 0, 100];
        using AnalysisFrame frame = Run("classes:logits=all", logits);
        string[] names = ["logit_bcc", "logit_none", "logit_hex_diamond"];
        for (int c = 0; c < names.Length; c++)
            Assert.Equal([logits[c], logits[3 + c], logits[6 + c]], frame.Column(names[c]));
    }

    private static unsafe AnalysisFrame Run(string text, float[] logits, int[]? selection = null)
    {
        AnalysisFrame frame = new(text, classes: Classes);
        float[] pinned = GC.AllocateArray<float>(logits.Length, pinned: true);
        logits.CopyTo(pinned, 0);
        frame.Context.Logits = (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        frame.Run(Three, selection: selection);
        GC.KeepAlive(pinned);
        Logits = pinned;
        return frame;
    }

    // Kept while frames use them.
    private static float[]? Logits { get; set; }
}
