using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>How far a run has come.</summary>
/// <param name="Next">number of the next wanted frame, from 0</param>
/// <param name="Bad">frames that were left out</param>
/// <param name="Output">where the frames end</param>
/// <param name="CsvBytes">where the table ends</param>
internal readonly record struct ResumePoint(long Next, long Bad, TrajectoryMark Output, long CsvBytes);
