namespace TrafficFlow.Node.Settings.Sites;

/// <summary>User and password in an address: which of their characters an address takes for something else.</summary>
internal static class UserInfo
{
    private const string Ends = "#?/@";

    /// <summary>Null where there is no password, or it is written as it must be. Nothing of the password is told but the character at fault.</summary>
    public static (string Problem, string Remedy)? Fault(string source)
    {
        var begin = source.IndexOf("://", StringComparison.Ordinal) + 3;
        if (begin < 3 || source.LastIndexOf('@') is var end && end < begin) return null;
        var given = source[begin..end];
        // An @ in the path or the query, where the host before it needs no password.
        if (!given.Contains(':', StringComparison.Ordinal) || IsHostWithPort(given)) return null;
        foreach (var character in given.Where(Ends.Contains)) return Of(character);
        for (var i = given.IndexOf('%', StringComparison.Ordinal); i >= 0; i = given.IndexOf('%', i + 1))
        {
            if (i + 2 >= given.Length || !char.IsAsciiHexDigit(given[i + 1]) || !char.IsAsciiHexDigit(given[i + 2])) return Of('%');
        }

        return null;
    }

    /// <summary>HOST:PORT/…: the colon is that of a port.</summary>
    private static bool IsHostWithPort(string given)
    {
        var path = given.IndexOfAny(['/', '?']);
        if (path < 0) return false;
        var colon = given.IndexOf(':', StringComparison.Ordinal);
        return colon > path || (colon + 1 < path && given[(colon + 1)..path].All(char.IsAsciiDigit));
    }

    private static (string Problem, string Remedy) Of(char character) =>
        ($"the password holds the character {character}, which means something else in an address", $"write %{(int)character:X2} for {character}");
}
