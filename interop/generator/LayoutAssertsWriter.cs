using System.Globalization;
using System.Text;

namespace Denoise.Bindings;

/// <summary>Writes the same layout as C assertions, so that any other C compiler can be held against it.</summary>
public static class LayoutAssertsWriter
{
    public static string Write(HeaderModel header)
    {
        StringBuilder text = new($"""
            /* From {header.FileName} by interop/generator; do not edit, run interop/generate.sh. */
            #include <stddef.h>
            #include "{header.FileName}"


            """);
        foreach (HeaderStruct item in header.Structs)
        {
            text.Append(CultureInfo.InvariantCulture, $"LAYOUT(sizeof({item.Name}) == {item.Size})\n");
            foreach (HeaderField field in item.Fields)
                text.Append(CultureInfo.InvariantCulture, $"LAYOUT(offsetof({item.Name}, {field.Name}) == {field.Offset})\n");
        }

        return text.ToString();
    }
}
