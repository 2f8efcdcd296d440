using TrafficFlow.Node.Logging;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>What a running node can name.</summary>
internal enum NameKind
{
    None,
    Actor,
    Camera,
    Approach,
    Quarantined,
    Member,
    Site,
    Setting,
}

/// <param name="Words">Known without any node.</param>
/// <param name="Names">What else may stand there.</param>
internal sealed record CtlCandidates(IReadOnlyList<string> Words, NameKind Names)
{
    public static readonly CtlCandidates Nothing = new([], NameKind.None);
}

/// <summary>What may follow the words of a command that is being typed. Pure: made from the catalog, so that a new command is completed by itself.</summary>
internal static class CtlCompletion
{
    /// <param name="words">Those before the one that is being typed.</param>
    public static CtlCandidates After(IReadOnlyList<string> words)
    {
        if (words.Count == 0) return new CtlCandidates([.. CommandCatalog.Commands.Select(c => c.Verb.Split(' ')[0]).Distinct()], NameKind.None);
        var ofNoun = CommandCatalog.Commands.Where(c => c.Verb.Split(' ')[0] == words[0]).ToList();
        if (words.Count == 1) return new CtlCandidates([.. ofNoun.Select(c => c.Verb.Split(' ')[1])], NameKind.None);
        if (ofNoun.FirstOrDefault(c => c.Verb == $"{words[0]} {words[1]}") is not { } command) return CtlCandidates.Nothing;
        var flags = command.Arguments.Where(a => a.IsFlag && !words.Contains(a.Name)).Select(a => a.Name);
        var given = words.Skip(2).Count(w => !w.StartsWith("--", StringComparison.Ordinal));
        return command.Arguments.Where(a => !a.IsFlag).ElementAtOrDefault(given) is { } argument
            ? new CtlCandidates([.. flags, .. FixedWords(argument)], KindOf(words[0], argument))
            : new CtlCandidates([.. flags], NameKind.None);
    }

    private static IEnumerable<string> FixedWords(CatalogArgument argument) => argument.Name switch
    {
        "AREA" => LogArea.All.Select(a => a.Name),
        "LEVEL" => LogSettings.LevelNames.Keys,
        _ => [],
    };

    private static NameKind KindOf(string noun, CatalogArgument argument) => argument.Name switch
    {
        "PATH" => NameKind.Actor,
        "ID" or "CAMERA" => noun is "camera" or "outbox" ? NameKind.Camera : NameKind.None,
        "SITE/APPROACH" or "APPROACH" => NameKind.Approach,
        "WHICH" => noun == "quarantine" ? NameKind.Quarantined : NameKind.Approach,
        "ADDRESS" => NameKind.Member,
        "SITE" => NameKind.Site,
        "KEY" => NameKind.Setting,
        _ => NameKind.None,
    };
}
