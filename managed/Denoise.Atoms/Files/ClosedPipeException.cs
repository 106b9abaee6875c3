namespace Denoise.Atoms.Files;

/// <summary>Whoever reads the output has had enough ("| head"): nothing to tell, and no use in going on.</summary>
public sealed class ClosedPipeException() : IOException("the reader of the output has closed it");
