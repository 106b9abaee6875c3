using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>Makes a frame of its blocks: every atom goes where its id says.</summary>
internal sealed class FrameAssembly
{
    private int[] _order = [];
    private long[] _ids = [];
    private long[] _sortedIds = [];

    /// <summary>Replaces what is in the frame.</summary>
    /// <param name="frame">receives them</param>
    /// <param name="header">of the frame</param>
    /// <param name="blocks">as decoded; those that are missing are not in the frame</param>
    public void Fill(Frame frame, FrameHeader header, BlockDecoder[] blocks)
    {
        frame.Step = header.Step;
        frame.Time = header.Time;
        frame.Units = header.Units;
        frame.Box = header.Box;
        frame.Unwrapped = header.Unwrapped;
        for (int k = 0; k < header.Elements.Count; k++)
            if (header.Elements[k] is { } element)
                frame.SetElement(k + 1, element);
        int count = checked((int)blocks.Sum(block => (long)block.Count));
        frame.Resize(count);
        Order(header, blocks, count);
        FrameColumn[] columns = [.. header.Columns.Select(column => frame.SetColumn(column.Name, column.Kind))];
        for (int c = 0; c < columns.Length; c++)
            columns[c].OvitoName = header.Columns[c].OvitoName;
        FrameColumn? spread = header.Mode == DnzMode.Structure ? frame.SetColumn(ColumnNames.RmsDisplacement, ColumnKind.Real) : null;
        if (header.HasIds)
            _sortedIds.CopyTo(frame.Ids.Span);
        else
            frame.NumberAtoms();
        int row = 0;
        foreach (BlockDecoder block in blocks)
        {
            FillAtoms(frame, block, row);
            for (int c = 0; c < columns.Length; c++)
                FillColumn(columns[c], block.Columns[c], row);
            for (int i = 0; spread is not null && i < block.Count; i++)
                spread.Reals[_order[row + i]] = block.Spread ?? 0;
            row += block.Count;
        }
    }

    private unsafe void FillAtoms(Frame frame, BlockDecoder block, int row)
    {
        double* from = block.Positions.Pointer, to = frame.Positions.Pointer;
        int* types = frame.Types.Pointer;
        long[] blockTypes = block.Types;
        for (int i = 0; i < block.Count; i++)
        {
            int atom = _order[row + i];
            types[atom] = (int)blockTypes[i];
            to[3L * atom] = from[4L * i];
            to[3L * atom + 1] = from[4L * i + 1];
            to[3L * atom + 2] = from[4L * i + 2];
        }
    }

    private void FillColumn(FrameColumn column, ColumnData data, int row)
    {
        long[] values = data.Values;
        switch (data.Kind)
        {
            case ColumnKind.Integer:
                Span<long> integers = column.Integers;
                for (int i = 0; i < values.Length; i++)
                    integers[_order[row + i]] = values[i];
                break;
            case ColumnKind.Real:
                Span<double> reals = column.Reals;
                for (int i = 0; i < values.Length; i++)
                    reals[_order[row + i]] = data.Grid.Real(values[i]);
                break;
            default:
                int[] codes = [.. data.Words.Select(column.Words.Add)];
                for (int i = 0; i < values.Length; i++)
                    column.WordCodes[_order[row + i]] = codes[values[i]];
                break;
        }
    }

    /// <summary>Where each atom of the blocks comes in the frame: by its id, as long as the ids are the same.</summary>
    private void Order(FrameHeader header, BlockDecoder[] blocks, int count)
    {
        bool isSame = _ids.Length == count;
        if (!isSame)
            _ids = new long[count];
        int row = 0;
        foreach (BlockDecoder block in blocks)
        {
            if (header.HasIds)
            {
                Span<long> ids = _ids.AsSpan(row, block.Count);
                isSame = isSame && ids.SequenceEqual(block.Ids);
                block.Ids.CopyTo(ids);
            }
            else
            {
                for (int i = 0; i < block.Count; i++)
                {
                    isSame &= _ids[row + i] == row + i;
                    _ids[row + i] = row + i;
                }
            }

            row += block.Count;
        }

        if (isSame && _order.Length == count)
            return;
        int[] atoms = IdOrder.Of(_ids);
        _order = new int[count];
        _sortedIds = new long[count];
        for (int k = 0; k < count; k++)
            (_order[atoms[k]], _sortedIds[k]) = (k, _ids[atoms[k]]);
    }
}
