using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Cuts the atoms of all processes into blocks of space: halves along the longest side, again and again. Where the cuts are depends
/// neither on how many processes there are nor on the order of atoms: only extrema and counts are exchanged.
/// </summary>
internal sealed class BlockTree
{
    // A cut is where one of 2^18 slices of equal thickness begins, found by its digits.
    private const int Digits = 3;
    private const int DigitBits = 6;
    private const int Slices = 1 << (Digits * DigitBits);
    private const int Places = 1 << DigitBits;

    private readonly ICommunicator _communicator;
    private readonly Frame _frame;
    private readonly List<Node> _nodes = [];
    private readonly int[] _nodeOf;

    private BlockTree(Frame frame, ICommunicator communicator)
    {
        (_frame, _communicator) = (frame, communicator);
        _nodeOf = new int[frame.Count];
    }

    /// <summary>Number of each block's atoms on all processes.</summary>
    public List<long> Counts { get; } = [];

    /// <summary>[atoms of this process] block of each; neighbors in space are mostly near in number.</summary>
    public int[] Blocks => _nodeOf;

    /// <summary>Collective.</summary>
    /// <param name="frame">atoms of this process</param>
    /// <param name="largest">atoms of a block, where they are not all in one place</param>
    /// <param name="communicator">the processes</param>
    /// <exception cref="InputException">on all of them: too many atoms are in one place</exception>
    public static BlockTree Cut(Frame frame, int largest, ICommunicator communicator)
    {
        BlockTree tree = new(frame, communicator);
        long[] count = [frame.Count];
        communicator.AllReduceSum(count);
        if (count[0] == 0)
            return tree;
        tree._nodes.Add(new() { Count = count[0] });
        for (int begin = 0; begin < tree._nodes.Count;)
        {
            // What was not there in the last round.
            int end = tree._nodes.Count;
            List<Node> large = [.. tree._nodes[begin..end].Where(node => node.Count > largest)];
            begin = end;
            if (large.Count > 0)
                tree.Halve(large);
        }

        tree.Number();
        return tree;
    }

    private void Halve(List<Node> nodes)
    {
        Measure(nodes);
        foreach (Node node in nodes.Where(node => node.Scale == 0 && node.Count > ChunkState.MostAtoms))
            throw new InputException($"{node.Count} atoms of the frame of step {_frame.Step} are in one place; the frame cannot be meant");
        foreach (Node node in nodes.Where(node => node.Scale == 0))
            node.Active = -1;
        nodes.RemoveAll(node => node.Scale == 0);
        FindMedians(nodes);
        foreach (Node node in nodes)
        {
            (node.Left, node.Right) = (_nodes.Count, _nodes.Count + 1);
            _nodes.Add(new() { Count = node.Before });
            _nodes.Add(new() { Count = node.Count - node.Before });
        }

        for (int i = 0; i < _nodeOf.Length; i++)
            if (_nodes[_nodeOf[i]] is { Left: > 0 } node)
                _nodeOf[i] = SliceOf(i, node) < node.Cut ? node.Left : node.Right;
    }

    /// <summary>Finds the longest side of each.</summary>
    private void Measure(List<Node> nodes)
    {
        // The lowest, and the highest with the other sign.
        double[] extrema = new double[6 * nodes.Count];
        Array.Fill(extrema, double.PositiveInfinity);
        for (int k = 0; k < nodes.Count; k++)
            nodes[k].Active = k;
        for (int i = 0; i < _nodeOf.Length; i++)
        {
            if (_nodes[_nodeOf[i]].Active is not (>= 0 and var k))
                continue;
            for (int a = 0; a < 3; a++)
            {
                double x = _frame.Positions[3L * i + a];
                extrema[6 * k + a] = Math.Min(extrema[6 * k + a], x);
                extrema[6 * k + 3 + a] = Math.Min(extrema[6 * k + 3 + a], -x);
            }
        }

        _communicator.AllReduceMin(extrema);
        for (int k = 0; k < nodes.Count; k++)
        {
            double longest = 0;
            for (int a = 0; a < 3; a++)
            {
                double low = extrema[6 * k + a], side = -extrema[6 * k + 3 + a] - low;
                if (side <= longest || !double.IsFinite(Slices / side))
                    continue;
                longest = side;
                (nodes[k].Axis, nodes[k].Low, nodes[k].Scale) = (a, low, Slices / side);
            }
        }
    }

    private void FindMedians(List<Node> nodes)
    {
        long[] counts = new long[Places * nodes.Count];
        for (int k = 0; k < nodes.Count; k++)
            nodes[k].Active = k;
        for (int digit = Digits - 1; digit >= 0; digit--)
        {
            int shift = digit * DigitBits;
            Array.Clear(counts);
            for (int i = 0; i < _nodeOf.Length; i++)
            {
                Node node = _nodes[_nodeOf[i]];
                if (node.Active < 0)
                    continue;
                int slice = SliceOf(i, node) >> shift;
                if (slice >> DigitBits == node.Cut)
                    counts[Places * node.Active + (slice & (Places - 1))]++;
            }

            _communicator.AllReduceSum(counts);
            for (int k = 0; k < nodes.Count; k++)
            {
                Node node = nodes[k];
                int place = 0;
                for (; place < Places - 1 && node.Before + counts[Places * k + place] <= node.Count / 2; place++)
                    node.Before += counts[Places * k + place];
                node.Cut = node.Cut << DigitBits | place;
                node.Within = counts[Places * k + place];
            }
        }

        foreach (Node node in nodes)
        {
            // Before or behind the slice of the median, whichever is nearer to the half; on neither side is nothing.
            if (node.Before == 0 || (node.Before + node.Within < node.Count && 2 * node.Before + node.Within < node.Count))
                (node.Cut, node.Before) = (node.Cut + 1, node.Before + node.Within);
            node.Active = -1;
        }
    }

    private int SliceOf(int atom, Node node) =>
        (int)Math.Min((_frame.Positions[3L * atom + node.Axis] - node.Low) * node.Scale, Slices - 1);

    /// <summary>Numbers the leaves from left to right.</summary>
    private void Number()
    {
        int[] blockOf = new int[_nodes.Count];
        Stack<int> waiting = new([0]);
        while (waiting.TryPop(out int at))
        {
            if (_nodes[at].Left > 0)
            {
                waiting.Push(_nodes[at].Right);
                waiting.Push(_nodes[at].Left);
                continue;
            }

            blockOf[at] = Counts.Count;
            Counts.Add(_nodes[at].Count);
        }

        for (int i = 0; i < _nodeOf.Length; i++)
            _nodeOf[i] = blockOf[_nodeOf[i]];
    }

    private sealed class Node
    {
        public long Count { get; init; }

        /// <summary>0: it is not cut.</summary>
        public int Left { get; set; }

        public int Right { get; set; }

        /// <summary>Its place among those that are worked on; -1: it is none.</summary>
        public int Active { get; set; } = -1;

        public int Axis { get; set; }

        public double Low { get; set; }

        /// <summary>Slices per Å; 0: all atoms are in one place.</summary>
        public double Scale { get; set; }

        /// <summary>First slice of the right half.</summary>
        public int Cut { get; set; }

        /// <summary>Atoms in slices before.</summary>
        public long Before { get; set; }

        /// <summary>Atoms in the slice of the median.</summary>
        public long Within { get; set; }
    }
}
