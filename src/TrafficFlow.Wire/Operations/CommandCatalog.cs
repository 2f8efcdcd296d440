using System.Globalization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Operations;

/// <summary>Who in the process answers a command.</summary>
public enum CommandTarget
{
    /// <summary>The operator actor of the actor system that holds the cameras.</summary>
    Roadside,

    /// <summary>The operator actor of the actor system that is a member of the cluster.</summary>
    Cluster,

    /// <summary>The operator actor of each actor system; what they say is put together.</summary>
    Each,

    /// <summary>The operator actor of the actor system that keeps the node's audit.</summary>
    Audit,

    /// <summary>The process itself, whatever its actor systems do.</summary>
    Process,
}

/// <param name="Name">In capitals; or a flag, with its dashes.</param>
public sealed record CatalogArgument(string Name, bool IsRequired)
{
    public bool IsFlag => Name.StartsWith("--", StringComparison.Ordinal);

    public override string ToString() => IsRequired ? Name : $"[{Name}]";
}

/// <summary>One line of the catalog.</summary>
/// <param name="Verb">Two words: what, and what to do with it.</param>
/// <param name="Make">From the arguments in the order of the line; a flag is there or null.</param>
public sealed record CatalogCommand(
    string Verb, string Help, CommandTarget Target, IReadOnlyList<CatalogArgument> Arguments, Func<IReadOnlyList<string?>, OperatorCommand> Make)
{
    public string Usage => string.Join(' ', [Verb, .. Arguments.Select(a => a.ToString())]);
}

/// <summary>What words mean: a command and who answers it, or why they mean nothing.</summary>
public sealed record CatalogReading(OperatorCommand? Command, CommandTarget Target, string Problem);

/// <summary>
/// The one table of what a node can be asked: words, arguments, help and message. `trafficflow ctl` is made from it, and the palette of
/// another console would be too.
/// </summary>
public static class CommandCatalog
{
    private const int LongestWord = 400;

    public static readonly IReadOnlyList<CatalogCommand> Commands =
    [
        Line("actor hierarchy", "The tree of actors, and the messages that wait.", CommandTarget.Each, ["[--system]"], a => new ShowHierarchy(a[0] is not null)),
        Line("actor children", "Children of one actor, as of /user/cameras.", CommandTarget.Each, ["PATH"], a => new ShowChildren(a[0]!)),
        .. InspectionCommands.OfActors,
        Line("cluster show", "Members, who leads, who is unreachable.", CommandTarget.Cluster, [], _ => ShowCluster.Instance),
        .. InspectionCommands.OfCluster,
        Line("cluster leave", "Has this node, or another, leave gracefully.", CommandTarget.Cluster, ["[ADDRESS]"], a => new LeaveCluster(a[0])),
        Line("cluster down", "Declares a member dead that will not come back.", CommandTarget.Cluster, ["ADDRESS"], a => new DownMember(a[0]!)),
        Line("camera list", "State and frame rate of each camera.", CommandTarget.Roadside, [], _ => ListCameras.Instance),
        Line("camera show", "All that is known of one camera.", CommandTarget.Roadside, ["ID"], a => new ShowCamera(new CameraId(a[0]!))),
        Line("camera restart", "Stops and starts one camera; the others go on.", CommandTarget.Roadside, ["ID"], a => new RestartOneCamera(new CameraId(a[0]!))),
        Line("camera accept-scene", "Takes what it shows now as calibrated.", CommandTarget.Roadside, ["ID"], a => new AcceptOneScene(new CameraId(a[0]!))),
        Line("outbox show", "What is stored and waits for the server.", CommandTarget.Roadside, ["[CAMERA]"], a => new ShowOutboxes(a[0] is { } id ? new CameraId(id) : null)),
        Line("approach show", "How far the server has counted.", CommandTarget.Cluster, ["[SITE/APPROACH]"], a => new ShowApproaches(a[0])),
        Line("approach repair", "What was taken of whom; sets a mark back.", CommandTarget.Cluster, ["WHICH", "[TO]"], a => new RepairApproach(a[0]!, a[1])),
        Line("quarantine show", "What is in no count: its clock was wrong.", CommandTarget.Cluster, ["[APPROACH]"], a => new ShowQuarantine(a[0])),
        Line("quarantine redate", "Counts it, moved (-2h) or as measured.", CommandTarget.Cluster, ["WHICH", "[BY]"], a => new DecideQuarantine(a[0]!, QuarantineDecision.Redate, a[1])),
        Line("quarantine release", "Counts it at the time of its stamps.", CommandTarget.Cluster, ["WHICH"], a => new DecideQuarantine(a[0]!, QuarantineDecision.Release, null)),
        Line("quarantine discard", "Never counts it: its time stays missing.", CommandTarget.Cluster, ["WHICH"], a => new DecideQuarantine(a[0]!, QuarantineDecision.Discard, null)),
        Line("health show", "Nodes and cameras, as last reported.", CommandTarget.Cluster, ["[SITE]"], a => new ShowHealth(a[0] is { } site ? new SiteId(site) : null)),
        Line("audit show", "The last commands that changed something.", CommandTarget.Audit, ["[COUNT]"], a => new ShowAudit(Count(a[0]))),
        Line("config show", "Settings in force, and where they are written.", CommandTarget.Process, ["[KEY]"], a => new ShowConfig(a[0])),
        Line("log show", "How much each area of the node logs.", CommandTarget.Process, [], _ => ShowLog.Instance),
        Line("log level", "Sets the level of an area until it ends.", CommandTarget.Process, ["AREA", "LEVEL"], a => new SetLogLevel(a[0]!, a[1]!)),
        .. InspectionCommands.OfDispatchers,
        Line("site reload", "Reads the site files again; the rest goes on.", CommandTarget.Process, [], _ => ReloadSites.Instance),
        .. SingleCountCommands.Lines,
    ];

    public static CatalogReading Read(IReadOnlyList<string> words)
    {
        words = SingleCountCommands.Expand(words);
        if (words.Count == 0) return Nothing($"say what to do: {Nouns()}");
        if (words.FirstOrDefault(w => w.Length is 0 or > LongestWord || w.Any(char.IsControl)) is { } odd)
            return Nothing(odd.Length == 0 ? "a word is empty" : "a word is too long, or holds what is no text");
        var ofNoun = Commands.Where(c => c.Verb.Split(' ')[0] == words[0]).ToList();
        if (ofNoun.Count == 0) return Nothing($"\"{words[0]}\" is nothing to inspect: {Nouns()}");
        var verbs = string.Join(", ", ofNoun.Select(c => c.Usage));
        if (words.Count == 1) return Nothing($"say what to do with {words[0]}: {verbs}");
        return ofNoun.FirstOrDefault(c => c.Verb == $"{words[0]} {words[1]}") is { } command
            ? Read(command, [.. words.Skip(2)])
            : Nothing($"\"{words[1]}\" cannot be done with {words[0]}: {verbs}");
    }

    private static CatalogReading Read(CatalogCommand command, List<string> given)
    {
        var values = new string?[command.Arguments.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var argument = command.Arguments[i];
            var at = argument.IsFlag ? given.IndexOf(argument.Name) : given.FindIndex(g => !g.StartsWith("--", StringComparison.Ordinal));
            if (at < 0 && argument.IsRequired) return Nothing($"{command.Verb} needs {argument.Name}: write {command.Usage}");
            if (at < 0) continue;
            values[i] = given[at];
            given.RemoveAt(at);
        }

        if (given.Count > 0) return Nothing($"\"{given[0]}\" is too much: write {command.Usage}");
        try
        {
            return new CatalogReading(command.Make(values), command.Target, "");
        }
        catch (FormatException wrong)
        {
            return Nothing(wrong.Message);
        }
    }

    /// <param name="example">How it is written, for who wrote it otherwise.</param>
    internal static int? Count(string? word, string example = "audit show 20") => word is null ? null
        : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new FormatException($"\"{word}\" is no number: write {example}");

    private static string Nouns() => string.Join(", ", Commands.Select(c => c.Verb.Split(' ')[0]).Distinct());

    private static CatalogReading Nothing(string problem) => new(null, default, problem);

    internal static CatalogCommand Line(
        string verb, string help, CommandTarget target, IReadOnlyList<string> arguments, Func<IReadOnlyList<string?>, OperatorCommand> make) =>
        new(verb, help, target, [.. arguments.Select(a => new CatalogArgument(a.Trim('[', ']'), a[0] != '['))], make);
}
