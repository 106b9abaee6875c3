using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>How the positions of a chunk are predicted in one frame; docs/dnz.md has the formula.</summary>
internal sealed class ChunkModel
{
    /// <summary>Columns of the matrix that takes sites to positions, [3, 3], column by column.</summary>
    public float[] Affine { get; } = new float[9];

    /// <summary>Å</summary>
    public double[] Offset { get; } = new double[3];

    /// <summary>Of the last displacement, the one before, and the mean.</summary>
    public float[] Times { get; } = new float[3];

    /// <summary>Of what remained at the neighbors.</summary>
    public float[] Weights { get; } = new float[ChunkState.MostNeighbors];

    public bool UsesTime => Times[0] != 0 || Times[1] != 0 || Times[2] != 0;

    public bool UsesNeighbors { get; set; }

    /// <summary>Beyond the matrix; of degree 0 none.</summary>
    public SmoothField Field { get; } = new();

    public bool UsesField => Field.Degree > 0;

    public Grid Grid { get; set; }

    public Box Box { get; set; } = Box.Orthogonal(1, 1, 1);

    /// <summary>Whether positions are folded into the box along each edge.</summary>
    public bool[] Folds { get; } = new bool[3];

    /// <summary>Parts of an edge from a face within which an atom may turn up at the other face.</summary>
    public float[] Margins { get; } = new float[3];

    public bool FoldsAny => Folds[0] || Folds[1] || Folds[2];

    public void Clear()
    {
        Array.Clear(Affine);
        Array.Clear(Offset);
        Array.Clear(Times);
        Array.Clear(Weights);
        Array.Clear(Margins);
        UsesNeighbors = false;
        Field.Degree = 0;
    }

    /// <summary>Sites are positions.</summary>
    public void SetIdentity()
    {
        Array.Clear(Affine);
        Array.Clear(Offset);
        Affine[0] = Affine[4] = Affine[8] = 1;
    }
}
