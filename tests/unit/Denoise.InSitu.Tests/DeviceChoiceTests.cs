using Denoise.Devices;

namespace Denoise.InSitu.Tests;

/// <summary>What users write for a device, and which of a machine's that is.</summary>
public class DeviceChoiceTests
{
    private static readonly DeviceInfo[] Cards =
        [new(DeviceKind.Cuda, 0, "A", 1, "8.0", null), new(DeviceKind.Cuda, 1, "B", 1, "8.0", null)];

    private static readonly DeviceInfo OldCard = new(DeviceKind.Cuda, 0, "K", 1, "3.5", "its compute capability is 3.5");

    private static readonly DeviceInfo[] Others =
    [
        new(DeviceKind.OpenCl, 0, "P", 1, "3.0", null) { IsProcessor = true },
        new(DeviceKind.OpenCl, 1, "C", 1, "3.0", null),
    ];

    [Theory]
    [InlineData(null, "cpu", null, null)]
    [InlineData("", "cpu", null, null)]
    [InlineData("cpu", "cpu", null, null)]
    [InlineData("auto", "auto", null, null)]
    [InlineData("gpu", "gpu", DeviceKind.Cuda, null)]
    [InlineData("gpu:12", "gpu:12", DeviceKind.Cuda, 12)]
    [InlineData("opencl", "opencl", DeviceKind.OpenCl, null)]
    [InlineData("opencl:0", "opencl:0", DeviceKind.OpenCl, 0)]
    public void Devices_are_read(string? text, string written, DeviceKind? kind, int? index)
    {
        Assert.True(DeviceChoice.TryParse(text, out DeviceChoice choice));
        Assert.Equal((written, kind, index), (choice.Text, choice.Kind, choice.Index));
        Assert.Equal(text == "auto", choice == DeviceChoice.Automatic);
    }

    [Theory]
    [InlineData("GPU")]
    [InlineData("gpu:")]
    [InlineData("gpu:-1")]
    [InlineData("gpu: 1")]
    [InlineData("gpu:1:2")]
    [InlineData("gpu:1000")]
    [InlineData("gpu:99999999999")]
    [InlineData("cpu:0")]
    [InlineData("auto:0")]
    [InlineData("cuda")]
    public void Others_are_not(string text) => Assert.False(DeviceChoice.TryParse(text, out _));

    [Fact]
    public void Processes_of_a_machine_take_cards_in_turn()
    {
        DeviceList list = new([.. Cards, .. Others], []);
        foreach (string text in (string[])["gpu", "auto"])
            Assert.Equal(["gpu:0", "gpu:1", "gpu:0"], Enumerable.Range(0, 3).Select(place => Choice(text).Find(list, place).Id));
        Assert.Equal("gpu:1", Choice("gpu:1").Find(list, 0).Id);
        // Cards before the processor, which is there if it is asked for.
        Assert.Equal("opencl:1", Choice("opencl").Find(list, 0).Id);
        Assert.Equal("opencl:0", Choice("opencl:0").Find(list, 1).Id);
        Assert.Equal("opencl:1", Choice("auto").Find(new(Others, []), 0).Id);
        Assert.Equal("opencl:0", Choice("opencl").Find(new(Others[..1], []), 3).Id);
    }

    [Fact]
    public void The_card_of_the_host_program_goes_before_all()
    {
        DeviceList list = new([.. Cards, .. Others], []) { CardOfHost = 1 };
        Assert.Equal("gpu:1", Choice("gpu").Find(list, 0).Id);
        Assert.Equal("gpu:1", Choice("auto").Find(list, 0).Id);
        Assert.Equal("gpu:0", Choice("gpu:0").Find(list, 0).Id);
        Assert.Equal("opencl:1", Choice("opencl").Find(list, 0).Id);
    }

    [Theory]
    [InlineData("gpu", "there is no device 'gpu': gpu:0 (K) cannot be used: its compute capability is 3.5; opencl:0 is the processor, P; no more.")]
    [InlineData("gpu:1", "there is no device 'gpu:1': gpu:0 (K) cannot be used: its compute capability is 3.5; opencl:0 is the processor, P; no more.")]
    [InlineData("auto", "there is no graphics card: gpu:0 (K) cannot be used: its compute capability is 3.5; opencl:0 is the processor, P; no more.")]
    public void What_is_missing_is_told_with_what_there_is(string text, string sentence)
    {
        DeviceList list = new([OldCard, Others[0]], ["no more"]);
        Assert.Equal(sentence, Assert.Throws<DeviceException>(() => Choice(text).Find(list, 0)).Message);
    }

    [Fact]
    public void What_cannot_be_used_says_why_where_it_is_named() => Assert.Equal(
        "gpu:0 (K) cannot be used: its compute capability is 3.5.",
        Assert.Throws<DeviceException>(() => DeviceList.Open(Choice("gpu:0").Find(new([OldCard], []), 0))).Message);

    private static DeviceChoice Choice(string text) =>
        DeviceChoice.TryParse(text, out DeviceChoice choice) ? choice : throw new ArgumentException(text);
}
