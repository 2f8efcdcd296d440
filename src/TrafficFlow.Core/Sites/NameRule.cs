namespace TrafficFlow.Core.Sites;

/// <summary>
/// What a site, camera, approach or gate may be called: one alphabet that is safe in actor paths, topics, files, columns, pages and on terminals. The same
/// rule holds where names are chosen (settings) and where they come in (messages of other nodes).
/// </summary>
public static class NameRule
{
    public const int MaxLength = 64;

    public const string Remedy = "use a-z, 0-9, _ and -, beginning with a letter or a figure, at most 64 characters";

    /// <summary>A name that somebody chose.</summary>
    public static bool IsChosen(ReadOnlySpan<char> name) => name.Length is > 0 and <= MaxLength && name[0] is not ('_' or '-') && IsOfAlphabet(name);

    /// <summary>Such a name, one of ours that begins with a low line (_gates), or a junction's, which is a site's and a prefix.</summary>
    public static bool IsKnown(ReadOnlySpan<char> name) =>
        IsChosen(name)
        || (name is ['_', .. var own] && IsChosen(own))
        || (name.StartsWith(JunctionSetup.Prefix, StringComparison.Ordinal) && IsChosen(name[JunctionSetup.Prefix.Length..]));

    private static bool IsOfAlphabet(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')) return false;
        }

        return true;
    }
}
