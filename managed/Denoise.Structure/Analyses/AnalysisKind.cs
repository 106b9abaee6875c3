namespace Denoise.Structure.Analyses;

/// <summary>An analysis that users can name.</summary>
/// <param name="Name">the word before the colon</param>
/// <param name="Usage">the whole text form, such as <c>rdf:cutoff=RC[,bins=N]</c></param>
/// <param name="Summary">one line: what it computes, after whom</param>
/// <param name="Create">makes one from what follows the colon; wrong arguments are an <see cref="Atoms.InputException"/></param>
public sealed record AnalysisKind(
    string Name, string Usage, string Summary, Func<AnalysisArguments, AnalysisServices, IAnalysis> Create);
