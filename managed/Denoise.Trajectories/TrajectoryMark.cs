namespace Denoise.Trajectories;

/// <summary>A place between two frames of a file that is written.</summary>
/// <param name="Frames">that are before it</param>
/// <param name="Bytes">of the file before it</param>
/// <param name="Written">of the text before it</param>
public readonly record struct TrajectoryMark(long Frames, long Bytes, FramePiece Written);
