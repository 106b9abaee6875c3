namespace Denoise.Cli.Analysis;

/// <summary>What all ranks must know of a frame that the first one has read.</summary>
/// <param name="IsEnd">there was none</param>
/// <param name="Step">time step, for messages</param>
/// <param name="LengthUnit">Å per unit of length of the file</param>
/// <param name="Spacing">mean distance between atoms, in the file's unit of length</param>
/// <param name="IsOpen">no direction is periodic</param>
internal readonly record struct FrameHeader(bool IsEnd, long Step, double LengthUnit, double Spacing, bool IsOpen);
