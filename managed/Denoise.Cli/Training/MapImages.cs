using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Cli.Analysis;
using Denoise.InSitu;
using Denoise.Neighbors;
using Denoise.Networks.Maps;
using Denoise.Training.Maps;
using Denoise.Trajectories;

namespace Denoise.Cli.Training;

/// <summary>Makes labelled images of the atoms in files.</summary>
internal sealed unsafe class MapImages : IDisposable
{
    private const string LabelColumn = ColumnNames.StructureType;

    private readonly MapSettings _settings;
    private readonly int _perFrame;
    private readonly MapImage[] _images;
    private readonly NearestNeighborFinder<Visitor> _finder;
    private readonly GhostShell _shell = new();
    private readonly NativeBuffer<int> _species = new();
    private readonly Session _session;
    private readonly Random _random;

    private float[]?[] _made = [];
    private double _typical;

    /// <param name="settings">of the images</param>
    /// <param name="perFrame">atoms of a frame that are taken, at random</param>
    /// <param name="seed">of which are</param>
    /// <param name="pool">threads, borrowed</param>
    public MapImages(MapSettings settings, int perFrame, int seed, WorkerPool pool)
    {
        (_settings, _perFrame, _random) = (settings, perFrame, new(seed));
        _session = new(new() { Classification = Classification.None, Threads = pool.Count });
        _images = [.. Enumerable.Range(0, pool.Count).Select(_ => new MapImage(settings))];
        _finder = new(pool);
    }

    /// <summary>Images of all frames of all files.</summary>
    /// <param name="sources">what the user wrote: CLASS=FILE, or FILE with a column of structure types</param>
    /// <exception cref="InputException">a file cannot be read, or has no labels</exception>
    public MapSet Load(IReadOnlyList<MapSource> sources)
    {
        using Frame frame = new();
        List<(string Class, float[] Image)> found = [];
        foreach (MapSource source in sources)
        {
            using TrajectoryReader reader = TrajectoryReader.Open(source.File);
            long frames = 0;
            for (; reader.Read(frame); frames++)
                Add(source, frame, found);
            if (frames == 0)
                throw new InputException($"{source.File}: has no frame.");
        }

        string[] classes = [.. found.Select(entry => entry.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
            throw new InputException($"--maps: all atoms are of the class '{(classes.Length == 0 ? "" : classes[0])}'; a network tells " +
                "two classes at least.");
        MapSet set = new(classes);
        foreach ((string name, float[] image) in found)
        {
            set.Images.Add(image);
            set.Labels.Add(Array.IndexOf(classes, name));
        }

        return set;
    }

    public void Dispose()
    {
        foreach (MapImage image in _images)
            image.Dispose();
        _finder.Dispose();
        _session.Dispose();
        _species.Dispose();
    }

    private void Add(MapSource source, Frame frame, List<(string Class, float[] Image)> found)
    {
        frame.Scale(FrameWorker.LengthUnit(frame));
        if (!(Typical(frame) > 0))
            throw new InputException($"{source.File}, step {frame.Step}: no distance between neighbors can be told; too few atoms.");
        FrameColumn? labels = source.Class is null
            ? frame.FindColumn(LabelColumn) ?? throw new InputException($"{source.File}, step {frame.Step}: has no column {LabelColumn}; " +
                "name the class of all its atoms by CLASS=FILE.")
            : null;
        _shell.Build(frame.Positions.Pointer, frame.Count, frame.Box, _settings.Reach * _typical);
        Choose(frame.Count);
        if (_settings.Channels > 1)
            TellSpecies(source, frame);
        _finder.Run(_shell.View, MapSettings.MostInBall, MapSettings.Size, _settings.Reach * _typical, new(this));
        for (int i = 0; i < frame.Count; i++)
            if (_made[i] is { } image)
                found.Add((source.Class ?? StructureTable.NameOf((int)labels!.RealAt(i)), image));
    }

    /// <summary>As sessions measure it, Å.</summary>
    private double Typical(Frame frame)
    {
        FrameResult result = _session.Process(new FrameInput
        {
            Step = frame.Step,
            LocalCount = frame.Count,
            Positions = new(frame.Positions.Pointer, 3 * frame.Count),
            Box = frame.Box,
        });
        return _typical = result.TypicalDistance;
    }

    private void Choose(int count)
    {
        _made = new float[count][];
        int[] atoms = [.. Enumerable.Range(0, count)];
        for (int k = 0; k < Math.Min(count, _perFrame); k++)
        {
            int other = _random.Next(k, count);
            (atoms[k], atoms[other]) = (atoms[other], atoms[k]);
            _made[atoms[k]] = new float[_settings.Length];
        }
    }

    private void TellSpecies(MapSource source, Frame frame)
    {
        int known = _settings.Weights[0].Count;
        _species.Resize(_shell.View.Count);
        for (int i = 0; i < _shell.View.Count; i++)
        {
            int type = frame.Types[i < frame.Count ? i : _shell.Owners[i - frame.Count]];
            _species[i] = type >= 1 && type <= known ? type - 1 : throw new InputException(
                $"{source.File}, step {frame.Step}: an atom has type {type}, and --species-weights has weights for types 1 to {known}.");
        }
    }

    private bool Fill(int atom, in NearestNeighbors nearest, int worker)
    {
        if (!nearest.IsFinal && nearest.Count < MapSettings.MostInBall)
            return false;
        if (_made[atom] is not { } image)
            return true;
        bool tells = _settings.Channels > 1;
        fixed (float* to = image)
            _images[worker].Fill(nearest, _typical, tells ? _species[atom] : 0, tells ? _species.Pointer : null, to,
                MapSettings.Size * _settings.Channels);
        return true;
    }

    private readonly struct Visitor(MapImages owner) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker) => owner.Fill(atom, nearest, worker);
    }
}
