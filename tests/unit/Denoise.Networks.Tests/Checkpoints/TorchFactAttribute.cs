namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>A test that asks PyTorch itself (Debian: python3-torch).</summary>
public sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute()
    {
        if (!Python.HasPyTorch)
            Skip = "needs a python3 with PyTorch (apt-get install python3-torch)";
    }
}
