using System.Text;
using Denoise.Atoms;

namespace Denoise.Cli.Report;

/// <summary>The HTML file around the data of a report, which the build makes of <c>web/</c> and puts into the program.</summary>
/// <param name="Head">what stands before the data</param>
/// <param name="Tail">what follows them</param>
internal sealed record ReportPage(byte[] Head, byte[] Tail)
{
    /// <summary>Within the first bytes of every report, by which an earlier one is known.</summary>
    public const string Mark = """<meta name="generator" content="denoise report">""";

    private const string Resource = "report.html";
    private const string Place = "<!--DATA-->";

    /// <exception cref="InputException">the program was built where the page could not be made</exception>
    public static ReportPage Load()
    {
        using Stream? stream = typeof(ReportPage).Assembly.GetManifestResourceStream(Resource) ?? throw new InputException(
            "this program was built without the page of reports, because npm was not there: install Node.js with npm, and build again " +
            "with ./build.sh build; 'denoise plot' draws tables meanwhile.");
        using StreamReader reader = new(stream);
        string page = reader.ReadToEnd();
        int place = page.IndexOf(Place, StringComparison.Ordinal);
        return new(Encoding.UTF8.GetBytes(page[..place]), Encoding.UTF8.GetBytes(page[(place + Place.Length)..]));
    }
}
