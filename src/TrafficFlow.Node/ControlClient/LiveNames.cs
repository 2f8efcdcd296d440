using System.CommandLine;
using System.CommandLine.Completions;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>
/// Names for completion, from the node that runs: cameras, approaches, actors, topics. Asked within a moment; a node that is not there, busy or of
/// another version has no names, and nobody is told: who presses Tab wants no error.
/// </summary>
internal static class LiveNames
{
    private const int Most = 2_000;
    private static readonly TimeSpan Within = TimeSpan.FromMilliseconds(1_000);

    /// <param name="begun">What is typed of the name.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(string dataDirectory, NameKind kind, string begun, CancellationToken cancellation = default)
    {
        if (dataDirectory.Length == 0) return [];
        try
        {
            var names = await NamesAsync(dataDirectory, kind, begun, cancellation);
            return [.. names.Where(n => n.StartsWith(begun, StringComparison.Ordinal) && PlainText.IsPlain(n) && !n.Any(char.IsWhiteSpace)).Distinct().Order(StringComparer.Ordinal).Take(Most)];
        }
        catch (Exception e) when (e is JobFailedException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Topics of the node: bins of its approaches, open and closed, journeys and incidents of its sites, health of its cameras.</summary>
    public static async Task<IReadOnlyList<string>> TopicsAsync(string dataDirectory, string begun)
    {
        var approaches = OfAsync(dataDirectory, NameKind.Approach, "");
        var cameras = CamerasAsync(dataDirectory);
        var flows = (await approaches).Select(a => $"flow.{a.Replace('/', '.')}").ToList();
        return
        [
            .. flows.SelectMany(f => new[] { f, $"{f}.live" })
                .Concat((await approaches).Select(a => a.Split('/')[0]).Distinct().SelectMany(s => new[] { $"journeys.{s}", $"incidents.{s}" }))
                .Concat(await cameras).Where(t => t.StartsWith(begun, StringComparison.Ordinal)),
        ];
    }

    private static async Task<IEnumerable<string>> CamerasAsync(string dataDirectory)
    {
        if (dataDirectory.Length == 0) return [];
        try
        {
            var table = await FirstTableAsync(dataDirectory, default, "health", "show");
            return table is null ? [] : Column(table, "site").Zip(Column(table, "camera"), (site, camera) => $"health.{site}.{camera}");
        }
        catch (Exception e) when (e is JobFailedException or OperationCanceledException)
        {
            return [];
        }
    }

    private static Task<IEnumerable<string>> NamesAsync(string data, NameKind kind, string begun, CancellationToken cancellation) => kind switch
    {
        NameKind.Actor when begun.StartsWith("/s", StringComparison.Ordinal) => ColumnAsync(data, "actor", cancellation, "actor", "hierarchy", "--system"),
        NameKind.Actor => ColumnAsync(data, "actor", cancellation, "actor", "hierarchy"),
        NameKind.Camera => ColumnAsync(data, "camera", cancellation, "camera", "list"),
        NameKind.Approach => ColumnAsync(data, "approach", cancellation, "approach", "show"),
        NameKind.Quarantined => ColumnAsync(data, "which", cancellation, "quarantine", "show"),
        NameKind.Member => ColumnAsync(data, "address", cancellation, "cluster", "show"),
        NameKind.Setting => ColumnAsync(data, "key", cancellation, "config", "show"),
        NameKind.Site => SitesAsync(data, cancellation),
        _ => Task.FromResult<IEnumerable<string>>([]),
    };

    private static async Task<IEnumerable<string>> SitesAsync(string data, CancellationToken cancellation) =>
        (await ColumnAsync(data, "approach", cancellation, "approach", "show")).Select(a => a.Split('/')[0]);

    private static async Task<IEnumerable<string>> ColumnAsync(string data, string column, CancellationToken cancellation, params string[] words)
    {
        var reply = await NodeQuestion.AskAsync(data, new ControlRequest(words), cancellation, Within);
        return reply.Reply is InspectionTables tables ? tables.Tables.SelectMany(t => Column(t, column)) : [];
    }

    private static async Task<InspectionTable?> FirstTableAsync(string data, CancellationToken cancellation, params string[] words)
    {
        var reply = await NodeQuestion.AskAsync(data, new ControlRequest(words), cancellation, Within);
        return (reply.Reply as InspectionTables)?.Tables.FirstOrDefault(t => t.Columns.Any(c => c.Name == "camera"));
    }

    private static IEnumerable<string> Column(InspectionTable table, string name)
    {
        var at = table.Columns.Select(c => c.Name).ToList().IndexOf(name);
        return at < 0 ? [] : table.Rows.Select(r => r[at] as string).OfType<string>();
    }

    /// <summary>A source of completions of the command line, for the node that it names; the parser asks for them synchronously.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Source(
        Option<string?> config, Option<string?> data, Func<CompletionContext, string, Task<IReadOnlyList<string>>> names) => context =>
    {
        string place;
        try
        {
            place = NodePlace.Find(context.ParseResult.GetValue(config), context.ParseResult.GetValue(data));
        }
        catch (Exception e) when (e is UsageException or SettingsException or IOException or UnauthorizedAccessException)
        {
            place = "";
        }

        return Task.Run(() => names(context, place)).GetAwaiter().GetResult().Select(n => new CompletionItem(n));
    };

    /// <summary>The words of a `ctl` that is being typed.</summary>
    /// <param name="given">As the parser has them so far.</param>
    public static async Task<IReadOnlyList<string>> OfCommandAsync(string dataDirectory, IReadOnlyList<string> given, string begun)
    {
        if (begun.Length > 0 && given.Count > 0 && given[^1] == begun) given = [.. given.SkipLast(1)];
        var candidates = CtlCompletion.After(given);
        return candidates.Names == NameKind.None || dataDirectory.Length == 0
            ? candidates.Words
            : [.. candidates.Words, .. await OfAsync(dataDirectory, candidates.Names, begun)];
    }
}
