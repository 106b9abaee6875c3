namespace Denoise.Trajectories;

/// <summary>The file formats that are read; the first two are also written.</summary>
public enum TrajectoryFormat
{
    LammpsDump,
    ExtendedXyz,
    LammpsData,
    Poscar,
    Cif,
}
