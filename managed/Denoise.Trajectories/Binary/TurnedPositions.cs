using Denoise.Atoms;

namespace Denoise.Trajectories.Binary;

/// <summary>The positions of a frame for formats whose boxes are lengths and angles: as they are, or turned with a box that is not so.</summary>
internal readonly ref struct TurnedPositions
{
    private readonly Frame _frame;
    private readonly Box? _turned;

    public TurnedPositions(Frame frame)
    {
        _frame = frame;
        _turned = CellShape.Fits(frame.Box) ? null : CellShape.Turned(frame.Box);
        Origin = _turned is null ? frame.Box.Origin : default;
    }

    /// <summary>The corner of the box.</summary>
    public Vec3 Origin { get; }

    /// <summary>A coordinate as it is kept.</summary>
    public float Single(int atom, int axis)
    {
        Vec3 position = new(_frame.Positions[3L * atom], _frame.Positions[3L * atom + 1], _frame.Positions[3L * atom + 2]);
        if (_turned is not null)
            position = _turned.ToCartesian(_frame.Box.ToFractional(position));
        double value = axis switch { 0 => position.X, 1 => position.Y, _ => position.Z };
        return Math.Abs(value) <= float.MaxValue ? (float)value : throw new InputException(FormattableString.Invariant(
            $"atom {_frame.Ids[atom]} at {value} is too far away for single precision; choose another format"));
    }
}
