namespace Denoise.TestSupport;

/// <summary>A test that needs <c>../shared/reference</c>.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (!SharedReference.Exists)
            Skip = $"needs {SharedReference.Folder}, which is not there";
    }
}
