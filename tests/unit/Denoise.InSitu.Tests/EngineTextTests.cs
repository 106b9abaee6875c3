namespace Denoise.InSitu.Tests;

/// <summary>What users write for an engine.</summary>
public class EngineTextTests
{
    [Theory]
    [InlineData(null, EngineKind.Simd, "cpu")]
    [InlineData("", EngineKind.Simd, "cpu")]
    [InlineData("auto", EngineKind.Simd, "cpu")]
    [InlineData("reference", EngineKind.Reference, "cpu")]
    [InlineData("torch", EngineKind.Torch, "cpu")]
    [InlineData("torch:cpu", EngineKind.Torch, "cpu")]
    [InlineData("torch:cuda", EngineKind.Torch, "cuda")]
    [InlineData("torch:cuda:7", EngineKind.Torch, "cuda:7")]
    public void Engines_are_read(string? text, EngineKind kind, string device)
    {
        Assert.True(EngineText.TryParse(text, out EngineKind found, out string on));
        Assert.Equal((kind, device), (found, on));
    }

    [Theory]
    [InlineData("Torch")]
    [InlineData("simd")]
    [InlineData("torch:")]
    [InlineData("torch:cuda:")]
    [InlineData("torch:cuda:-1")]
    [InlineData("torch:cuda:1x")]
    [InlineData("torch:cuda:999")]
    [InlineData("torch:cuda:99999999999")]
    [InlineData("torch:metal")]
    [InlineData("torch cuda")]
    public void Others_are_not(string text) => Assert.False(EngineText.TryParse(text, out _, out _));
}
