namespace Denoise.Bindings;

/// <summary>What a C header declares under its prefix, in the order in which it does, with the layout that clang gives it.</summary>
public sealed record HeaderModel(
    string FileName,
    IReadOnlyList<HeaderConstant> Constants,
    IReadOnlyDictionary<string, string> Aliases,
    IReadOnlyList<HeaderStruct> Structs,
    IReadOnlyList<HeaderFunction> Functions);

/// <summary>A macro with an integer value.</summary>
public sealed record HeaderConstant(string Name, long Value);

/// <param name="Name">as in C</param>
/// <param name="Size">sizeof, bytes</param>
/// <param name="Fields">in order</param>
public sealed record HeaderStruct(string Name, long Size, IReadOnlyList<HeaderField> Fields);

/// <param name="Name">as in C</param>
/// <param name="Type">as in C, e.g. <c>double[9]</c></param>
/// <param name="Offset">offsetof, bytes</param>
public sealed record HeaderField(string Name, string Type, long Offset);

/// <param name="Name">the exported symbol</param>
/// <param name="ReturnType">as in C</param>
/// <param name="Parameters">in order</param>
public sealed record HeaderFunction(string Name, string ReturnType, IReadOnlyList<HeaderParameter> Parameters);

public sealed record HeaderParameter(string Name, string Type);
