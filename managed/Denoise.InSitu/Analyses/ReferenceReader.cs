using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.InSitu.Analyses;

/// <summary>Reads the configuration that analyses compare frames with.</summary>
internal static class ReferenceReader
{
    /// <summary>
    /// The first frame of a file, in Å; the caller disposes of it. LAMMPS files that name no unit are in the host's.
    /// </summary>
    /// <param name="path">in any of <see cref="TrajectoryFormats"/></param>
    /// <param name="lengthUnit">Å per length of the host</param>
    /// <exception cref="InputException">it cannot be read, or has no frame</exception>
    public static Frame Read(string path, double lengthUnit)
    {
        Frame frame = new();
        try
        {
            using TrajectoryReader reader = TrajectoryReader.Open(path);
            if (!reader.Read(frame))
                throw new InputException($"{path}: has no frame; a reference is needed.");
            bool isOfLammps = reader.Format == TrajectoryFormats.LammpsDump || reader.Format == TrajectoryFormats.LammpsBinaryDump
                || reader.Format == TrajectoryFormats.LammpsData;
            double unit = frame.Units is { } style ? LammpsUnits.AngstromPerLength(style) ?? lengthUnit : isOfLammps ? lengthUnit : 1;
            frame.Scale(unit);
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
