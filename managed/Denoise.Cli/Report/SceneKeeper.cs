namespace Denoise.Cli.Report;

/// <summary>Keeps a few of the frames of a run whose length is not known: every K-th, K growing by twos, and the last.</summary>
/// <param name="most">that are kept; 0: none</param>
internal sealed class SceneKeeper(int most)
{
    private readonly List<Scene> _scenes = [];
    private long _stride = 1;
    private long _frames;
    private Scene? _last;

    /// <summary>In the order of the run.</summary>
    public IEnumerable<Scene> Kept => _last is null ? _scenes : _scenes.Append(_last);

    public void Add(Func<Scene> create)
    {
        if (most == 0)
            return;
        Scene scene = create();
        _last = null;
        if (_frames++ % _stride != 0)
        {
            _last = scene;
            return;
        }

        _scenes.Add(scene);
        if (_scenes.Count <= most)
            return;
        // The newest is one of those that go, or not: as the last frame it stays anyway.
        bool isKept = _scenes.Count % 2 == 1;
        List<Scene> halved = [.. _scenes.Where((_, k) => k % 2 == 0)];
        _scenes.Clear();
        _scenes.AddRange(halved);
        _stride *= 2;
        _last = isKept ? null : scene;
    }
}
