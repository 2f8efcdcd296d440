using System.CommandLine;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Count;

/// <summary>What `--csv-form` may be.</summary>
internal static class CsvFormOption
{
    public static Option<string> Create() => new("--csv-form")
    {
        Description = "Of CSV files: comma (and decimal points), or semicolon (and decimal commas, as Excel has it in Germany, France and elsewhere). Both are read everywhere.",
        HelpName = "FORM",
        DefaultValueFactory = _ => "comma",
    };

    /// <exception cref="UsageException">No such form.</exception>
    public static CsvForm Read(string? form) => form?.ToLowerInvariant() switch
    {
        null or "comma" => CsvForm.Comma,
        "semicolon" => CsvForm.Semicolon,
        _ => throw new UsageException($"--csv-form {form}: expected comma or semicolon"),
    };
}
