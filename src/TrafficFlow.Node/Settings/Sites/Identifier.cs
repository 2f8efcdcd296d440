using System.Text.RegularExpressions;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Names that become actor paths, topics, files and columns: one alphabet that is safe in all of them.</summary>
internal static partial class Identifier
{
    private const int MaxLength = 64;

    public const string Remedy = "use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters";

    public static bool IsValid(string id) => id.Length <= MaxLength && Pattern().IsMatch(id);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]*\z")]
    private static partial Regex Pattern();
}
