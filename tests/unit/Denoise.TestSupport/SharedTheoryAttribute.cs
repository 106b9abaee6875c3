namespace Denoise.TestSupport;

/// <summary>A theory that needs <c>../shared/reference</c>.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (!SharedReference.Exists)
            Skip = $"needs {SharedReference.Folder}, which is not there";
    }
}
