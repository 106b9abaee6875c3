using System.Globalization;

namespace Denoise.Devices;

/// <summary>What a user writes for a device, see <see cref="Expected"/>, and which of a machine's that is.</summary>
public sealed record DeviceChoice
{
    public const string Expected = "cpu, auto, gpu, gpu:N, opencl or opencl:N";

    private const int MostDevices = 1000;

    // In a message.
    private const int MostNamed = 3;

    private DeviceChoice(string text, DeviceKind? kind = null, int? index = null) => (Text, Kind, Index) = (text, kind, index);

    /// <summary>The processor, by the engines that are written for it.</summary>
    public static DeviceChoice Processor { get; } = new("cpu");

    /// <summary>A graphics card where there is one that can be used, else the processor.</summary>
    public static DeviceChoice Automatic { get; } = new("auto");

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>Whose devices are meant; null: anyone's, or none.</summary>
    public DeviceKind? Kind { get; }

    /// <summary>Which of them; null: that of this process, by its place on the machine.</summary>
    public int? Index { get; }

    /// <param name="text">null or empty: cpu</param>
    /// <param name="choice">what it means</param>
    public static bool TryParse(string? text, out DeviceChoice choice)
    {
        choice = text == Automatic.Text ? Automatic : Processor;
        if (string.IsNullOrEmpty(text) || text == choice.Text)
            return true;
        string[] parts = text.Split(':');
        DeviceKind? kind = parts[0] switch { "gpu" => DeviceKind.Cuda, "opencl" => DeviceKind.OpenCl, _ => null };
        int index = 0;
        if (kind is null || parts.Length > 2
            || (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)
                || index >= MostDevices)))
            return false;
        choice = new(text, kind, parts.Length == 2 ? index : null);
        return true;
    }

    /// <summary>
    /// The device that is meant. Without a number: the card that the host program computes on, or else the devices are dealt out to the
    /// processes of a machine in turn, cards before the processor itself; <see cref="Automatic"/> takes cards only.
    /// </summary>
    /// <param name="list">of the machine</param>
    /// <param name="place">of this process among those of its machine, from 0</param>
    /// <exception cref="DeviceException">there is none, or it cannot be used; one sentence</exception>
    public DeviceInfo Find(DeviceList list, int place)
    {
        if (Index is { } index)
            return list.Devices.FirstOrDefault(device => device.Kind == Kind && device.Index == index) ?? throw Nothing(list);
        DeviceInfo[] all = [.. list.Devices.Where(device => device.Problem is null && (Kind is null || device.Kind == Kind))];
        if (all.FirstOrDefault(device => device.Kind == DeviceKind.Cuda && device.Index == list.CardOfHost) is { } shared)
            return shared;
        DeviceInfo[] best = [.. all.Where(device => device.Kind == DeviceKind.Cuda)];
        if (best.Length == 0)
            best = [.. all.Where(device => !device.IsProcessor)];
        if (best.Length == 0 && Kind is not null)
            best = all;
        return best.Length > 0 ? best[place % best.Length] : throw Nothing(list);
    }

    public override string ToString() => Text;

    private DeviceException Nothing(DeviceList list)
    {
        IEnumerable<string> found = list.Devices.Take(MostNamed).Select(device => device.Problem is null
            ? $"{device.Id} is {(device.IsProcessor ? "the processor, " : "")}{device.Name}"
            : $"{device.Id} ({device.Name}) cannot be used: {device.Problem}");
        string[] more = list.Devices.Count > MostNamed ? [$"and {list.Devices.Count - MostNamed} more"] : [];
        string what = Kind is null ? "no graphics card" : $"no device '{Text}'";
        return new($"there is {what}: {string.Join("; ", found.Concat(more).Concat(list.Problems))}.");
    }
}
