using Denoise.Atoms;
using Denoise.Trajectories.Binary;
using Denoise.Trajectories.Cif;
using Denoise.Trajectories.Compressed;
using Denoise.Trajectories.Lammps;
using Denoise.Trajectories.Molecular;
using Denoise.Trajectories.NetCdf;
using Denoise.Trajectories.Text;
using Denoise.Trajectories.Vasp;
using Denoise.Trajectories.Xyz;

namespace Denoise.Trajectories;

/// <summary>All formats. A file is of the first that recognizes its content; its name decides where none does.</summary>
public static class TrajectoryFormats
{
    public static TrajectoryFormat LammpsDump { get; } = new(
        LammpsDumpReader.Recognizes,
        scanner => new LammpsDumpReader(scanner),
        () => new LammpsDumpWriter())
    {
        Name = "LAMMPS dump",
        Extensions = [".dump", ".lammpstrj", ".lammpsdump"],
        NameStarts = ["dump."],
    };

    public static TrajectoryFormat LammpsBinaryDump { get; } = new(
        LammpsBinaryDumpReader.Recognizes, scanner => new LammpsBinaryDumpReader(scanner))
    {
        Name = "LAMMPS binary dump",
        Extensions = [".bin", ".lammpsbin"],
    };

    public static TrajectoryFormat Compressed { get; } = new(DnzReader.Recognizes, scanner => new DnzReader(scanner))
    {
        Name = "DNZ",
        Extensions = [".dnz"],
    };

    public static TrajectoryFormat Xtc { get; } = new(XtcReader.Recognizes, scanner => new XtcReader(scanner), () => new XtcWriter())
    {
        Name = "XTC",
        Extensions = [".xtc"],
    };

    public static TrajectoryFormat Dcd { get; } = new(DcdReader.Recognizes, scanner => new DcdReader(scanner), () => new DcdWriter())
    {
        Name = "DCD",
        Extensions = [".dcd"],
    };

    public static TrajectoryFormat NetCdf { get; } = new(
        NetCdfReader.Recognizes, scanner => new NetCdfReader(scanner), () => new NetCdfWriter())
    {
        Name = "NetCDF",
        Extensions = [".nc", ".ncdf", ".netcdf"],
    };

    public static TrajectoryFormat Xdatcar { get; } = new(XdatcarReader.Recognizes, scanner => new XdatcarReader(scanner))
    {
        Name = "XDATCAR",
        Extensions = [".xdatcar"],
        NameStarts = ["XDATCAR"],
    };

    public static TrajectoryFormat Poscar { get; } = new(PoscarReader.Recognizes, scanner => new PoscarReader(scanner))
    {
        Name = "POSCAR",
        Extensions = [".vasp", ".poscar"],
        NameStarts = ["POSCAR", "CONTCAR"],
    };

    public static TrajectoryFormat ExtendedXyz { get; } = new(
        ExtendedXyzReader.Recognizes,
        scanner => new ExtendedXyzReader(scanner),
        () => new ExtendedXyzWriter())
    {
        Name = "extended XYZ",
        Extensions = [".xyz", ".extxyz"],
    };

    public static TrajectoryFormat Cif { get; } = new(CifReader.Recognizes, scanner => new CifReader(scanner))
    {
        Name = "CIF",
        Extensions = [".cif", ".mcif", ".mmcif"],
    };

    public static TrajectoryFormat Gro { get; } = new(GroReader.Recognizes, scanner => new GroReader(scanner))
    {
        Name = "GRO",
        Extensions = [".gro"],
    };

    public static TrajectoryFormat Pdb { get; } = new(PdbReader.Recognizes, scanner => new PdbReader(scanner))
    {
        Name = "PDB",
        Extensions = [".pdb", ".ent"],
    };

    public static TrajectoryFormat LammpsData { get; } = new(LammpsDataReader.Recognizes, scanner => new LammpsDataReader(scanner))
    {
        Name = "LAMMPS data",
        Extensions = [".data", ".lmp"],
        NameStarts = ["data."],
    };

    /// <summary>
    /// In the order in which they are asked. VASP's before XYZ, because its comment line may be a number, and nothing else has
    /// three lines of three numbers there; GRO before both, because its atoms have columns that no other format has; XTC, DCD and NetCDF
    /// before binary dumps, whose old form has no mark; data files last of all, because their first line is free text, which may look like
    /// another format's.
    /// </summary>
    public static IReadOnlyList<TrajectoryFormat> All { get; } =
        [LammpsDump, Xtc, Dcd, NetCdf, LammpsBinaryDump, Compressed, Gro, Pdb, Xdatcar, Poscar, ExtendedXyz, Cif, LammpsData];

    /// <exception cref="InputException">empty, or none of them</exception>
    internal static TrajectoryFormat Of(FileHead head)
    {
        if (head.IsEmpty)
            throw new InputException($"{head.Path}: the file is empty; was the program that writes it stopped before its first frame?");
        foreach (TrajectoryFormat format in All)
            if (format.Recognizes(head))
                return format;

        // Its first bytes are cut or damaged.
        if (Compressed.HasName(head.Name) && (head.Bytes[0] == Records.Magic[0] || head.Bytes.Contains((byte)0)))
            return Compressed;

        string known = string.Join(", ", All.Select(format => format.Name)) + ", each also compressed with gzip or zstd";
        if (head.Bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            throw new InputException($"{head.Path}: this is text in UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)");
        if (head.Bytes is [0x89, (byte)'H', (byte)'D', (byte)'F', ..])
            throw new InputException($"{head.Path}: HDF5 is not read (H5MD, NetCDF-4); of NetCDF make the classic form: nccopy -k classic");
        if (head.Bytes.Contains((byte)0))
            throw new InputException($"{head.Path}: this binary file is of no known format; known are {known}");
        if (head.Bytes.Contains((byte)'\r') && !head.Bytes.Contains((byte)'\n'))
            throw new InputException($"{head.Path}: its lines end with carriage returns alone; convert them (tr '\\r' '\\n')");

        // A file that was cut in its header, or damaged: the reader that its name asks for says what is missing.
        return All.FirstOrDefault(format => format.HasName(head.Name))
            ?? throw new InputException($"{head.Path}: the format is not recognized; known are {known}");
    }
}
