using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace TrafficFlow.Node;

/// <summary>Which build this is: `trafficflow --version`, and `--version --json` for programs.</summary>
internal static class ProductVersion
{
    private static readonly string s_informational =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>As 0.1.0, or 0.1.0-12 for the twelfth commit after it.</summary>
    public static string Version => s_informational.Split('+')[0];

    /// <summary>40 hexadecimal digits; empty where the build was made outside of git.</summary>
    public static string Commit => s_informational.Contains('+', StringComparison.Ordinal) ? s_informational[(s_informational.IndexOf('+', StringComparison.Ordinal) + 1)..] : "";

    /// <summary>Null where the command line asks for something else.</summary>
    public static string? Answer(IReadOnlyList<string> args) => args switch
    {
        ["--version"] => $"trafficflow {Version}{(Commit.Length > 0 ? $" ({Commit[..Math.Min(12, Commit.Length)]})" : "")}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}",
        ["--version", "--json"] or ["--json", "--version"] => JsonSerializer.Serialize(
            new { version = Version, commit = Commit, runtime = RuntimeInformation.FrameworkDescription, platform = RuntimeInformation.RuntimeIdentifier }),
        _ => null,
    };

    /// <summary>Compares MAJOR.MINOR.PATCH; what follows is of the same data.</summary>
    /// <returns>Whether the other version is newer than this build. One that cannot be read is.</returns>
    public static bool IsNewer(string other) => !TryNumbers(other, out var theirs) || (TryNumbers(Version, out var ours) && theirs > ours);

    private static bool TryNumbers(string version, out Version numbers) => System.Version.TryParse(version.Split('-', '+', '~')[0], out numbers!);
}
