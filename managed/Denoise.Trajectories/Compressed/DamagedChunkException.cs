namespace Denoise.Trajectories.Compressed;

/// <summary>The bytes of a record are not what an encoder writes. The message is the end of a sentence.</summary>
internal sealed class DamagedChunkException(string problem) : Exception(problem);
