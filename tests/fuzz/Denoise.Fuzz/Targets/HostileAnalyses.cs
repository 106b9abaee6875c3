using System.Runtime.InteropServices;
using Denoise.InSitu.Native;

namespace Denoise.Fuzz.Targets;

/// <summary>Texts of analyses, most of them good, and whether what they found can be.</summary>
internal static unsafe class HostileAnalyses
{
    private static readonly delegate* unmanaged[Cdecl]<ulong, DnSessionInfo*, int> GetInfo = &Exports.SessionGetInfo;
    private static readonly delegate* unmanaged[Cdecl]<ulong, int, DnColumn*, int> GetColumn = &Exports.SessionGetColumn;
    private static readonly delegate* unmanaged[Cdecl]<ulong, int, DnGlobal*, int> GetGlobal = &Exports.SessionGetGlobal;

    private static readonly string[] Good =
    [
        "acna", "cna:3.1", "acna:on=raw", "coordination:3.2", "coordination:cutoff=4,per_type=2", "rdf:cutoff=6,bins=20",
        "rdf:cutoff=5,bins=10,partial=2", "clusters:all,cutoff=3", "clusters:other,cutoff=3.2", "clusters:type=1+2,cutoff=2.6",
        "steinhardt", "steinhardt:l=2+4+6,w,averaged,neighbors=12", "steinhardt:l=6,cutoff=3.4,solid=7,threshold=0.7", "centro",
        "centro:neighbors=8,method=matching", "centro:neighbors=14", "msd", "msd:unwrap", "wigner-seitz", "wigner-seitz:mapping=affine",
        "strain:cutoff=3", "strain:cutoff=4,mapping=affine", "average:frames=3",
        "icna", "ackland", "diamond", "chill+", "chill+:cutoff=3,type=1", "faults",
        "ptm", "ptm:types=fcc+hcp+bcc+ico+sc+cubic-diamond+hexagonal-diamond+graphene,orientation,deformation,ordering", "ptm:rmsd=0",
        "grains:cutoff=3.2", "grains:cutoff=3.2,smallest=1,angle=0",
        "dislocations:structure=fcc,lattice=3.6", "dislocations:structure=bcc,lattice=2.9", "dislocations:structure=hcp,lattice=3.2",
    ];

    private static readonly string[] Remembering = ["msd", "wigner-seitz", "strain", "average"];

    private static readonly string[] Bad =
    [
        "", ":", "acna:", "acna,cna", "cna:0", "cna:-1", "cna:1e11", "cna:1e-11", "cna:nan", "coordination:cutoff=1e999", "rdf:cutoff=3,bins=0",
        "rdf:cutoff=3,bins=2000000000", "clusters:nothing,cutoff=3", "steinhardt:l=999", "steinhardt:neighbors=0", "centro:neighbors=7",
        "x:\u00e9=\n", "strain:cutoff=3,reference=/dev/null", "wigner-seitz:reference=/nowhere", "cna:cutoff=3,cutoff=3",
    ];

    public static void Add(ref Choices choices, FencedMemory memory, ref DnSessionOptions options)
    {
        if (!choices.Seldom(2))
            return;
        options.AnalysisCount = 1 + choices.Below(3);
        options.Analyses = (byte**)memory.Place<nint>(options.AnalysisCount);
        for (int k = 0; k < options.AnalysisCount; k++)
            options.Analyses[k] = choices.Seldom(64) ? null : Text(ref choices, memory);
        if (!choices.Seldom(64))
            return;
        options.AnalysisCount = choices.EdgeInteger();
        options.Analyses = null;
    }

    /// <summary>Whether any depends on the frames before.</summary>
    public static bool Remember(in DnSessionOptions options)
    {
        for (int k = 0; options.Analyses != null && k < options.AnalysisCount; k++)
            if (Marshal.PtrToStringUTF8((nint)options.Analyses[k]) is { } text && Remembering.Any(text.StartsWith))
                return true;
        return false;
    }

    /// <summary>Every value of the last frame is a number, and every name a word.</summary>
    /// <param name="session">after a good call</param>
    /// <param name="owned">rows of the frame</param>
    public static void Check(ulong session, int owned)
    {
        DnSessionInfo info = new() { StructSize = (nuint)sizeof(DnSessionInfo) };
        if (GetInfo(session, &info) != Dn.DN_OK)
            return;
        for (int k = 0; k < info.ColumnCount; k++)
        {
            DnColumn column = new() { StructSize = (nuint)sizeof(DnColumn) };
            BrokenPromise.Unless(GetColumn(session, k, &column) == Dn.DN_OK && column.Name != null, $"column {k} is not there");
            string name = Marshal.PtrToStringUTF8((nint)column.Name)!;
            for (int i = 0; column.Reals != null && i < owned; i++)
                BrokenPromise.Unless(double.IsFinite(column.Reals[i]), $"column {name}: a value of {column.Reals[i]}");
        }

        for (int k = 0; k < info.GlobalCount; k++)
        {
            DnGlobal global = new() { StructSize = (nuint)sizeof(DnGlobal) };
            BrokenPromise.Unless(GetGlobal(session, k, &global) == Dn.DN_OK && global.Name != null, $"global {k} is not there");
            string name = Marshal.PtrToStringUTF8((nint)global.Name)!;
            BrokenPromise.Unless(double.IsFinite(global.Value), $"global {name}: a value of {global.Value}");
        }
    }

    private static byte* Text(ref Choices choices, FencedMemory memory)
    {
        string text = choices.Seldom(8) ? Bad[choices.Below(Bad.Length)] : Good[choices.Below(Good.Length)];
        return memory.PlaceText(text);
    }
}
