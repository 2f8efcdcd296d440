namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>What Tab does to a line.</summary>
/// <param name="Insert">To be put where the cursor is; empty for nothing.</param>
/// <param name="Choices">What else it may be; empty where that is clear, or nothing fits.</param>
internal sealed record ShellCompletion(string Insert, IReadOnlyList<string> Choices)
{
    private static readonly string[] s_own = ["help", "watch", "exit"];

    /// <param name="before">The line up to the cursor.</param>
    public static async Task<ShellCompletion> OfAsync(string dataDirectory, string before)
    {
        var words = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var begun = before.Length == 0 || before[^1] == ' ' ? "" : words[^1];
        IReadOnlyList<string> given = begun.Length == 0 ? words : words[..^1];
        var isWatch = given.Count > 0 && given[0] == "watch";
        if (isWatch && given.Count == 1) return new ShellCompletion("", []);
        if (isWatch) given = [.. given.Skip(2)];
        if (given is ["help"]) given = [];
        var known = await LiveNames.OfCommandAsync(dataDirectory, given, begun);
        return Of(begun, given.Count == 0 && !isWatch ? [.. known, .. s_own] : known);
    }

    /// <summary>Pure: the part that all candidates share, with a blank behind the only one.</summary>
    public static ShellCompletion Of(string begun, IReadOnlyList<string> known)
    {
        var fitting = known.Where(k => k.StartsWith(begun, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (fitting.Count == 0) return new ShellCompletion("", []);
        if (fitting.Count == 1) return new ShellCompletion($"{fitting[0][begun.Length..]} ", []);
        var shared = begun.Length;
        while (fitting.All(f => f.Length > shared && f[shared] == fitting[0][shared])) shared++;
        return shared > begun.Length ? new ShellCompletion(fitting[0][begun.Length..shared], []) : new ShellCompletion("", fitting);
    }
}
