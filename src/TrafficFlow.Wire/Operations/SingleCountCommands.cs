using System.Globalization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Wire.Operations;

/// <summary>Why was this counted? To the operator actor of the actor system that holds the cameras.</summary>
public sealed record ExplainCount(EntryId Id) : OperatorCommand
{
    internal override CameraId? OneCamera => Id.Camera;
}

/// <summary>The first and the last entries that wait in an outbox. To the same.</summary>
/// <param name="Count">So many of each.</param>
public sealed record PeekIntoOutbox(CameraId Camera, int Count) : OperatorCommand
{
    internal override CameraId? OneCamera => Camera;
}

/// <summary>Every figure of one bin. To the operator actor of the cluster's actor system.</summary>
/// <param name="Approach">SITE/APPROACH.</param>
/// <param name="Time">An instant in it, by the site's clock: 2026-11-28T07:00, with an offset or without; or 07:00 of today.</param>
public sealed record ShowBin(string Approach, string Time, BinDuration Duration) : OperatorCommand;

/// <summary>The lines of the catalog that look at single counts.</summary>
internal static class SingleCountCommands
{
    private const int DefaultPeek = 5;
    private const int MostPeek = 500;

    /// <summary>Made when asked: the catalog's own table is made of it, and neither type may wait for the other.</summary>
    public static IReadOnlyList<CatalogCommand> Lines =>
    [
        CommandCatalog.Line("outbox peek", "What waits in it: the first and last N.", CommandTarget.Roadside, ["CAMERA", "[N]"], a => new PeekIntoOutbox(new CameraId(a[0]!), Count(a[1]))),
        CommandCatalog.Line("vehicle why", "Why it was counted; ctl why ID, too.", CommandTarget.Roadside, ["ID"], a => new ExplainCount(Id(a[0]!))),
        CommandCatalog.Line("bin show", "All of the bin of SITE/APPROACH at a time.", CommandTarget.Cluster, ["WHICH", "TIME", "[LENGTH]"], a => new ShowBin(a[0]!, a[1]!, Length(a[2]))),
    ];

    /// <summary>What people say for it.</summary>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> words) => words is ["why", ..] ? ["vehicle", .. words] : words;

    private static EntryId Id(string text) => EntryId.TryParse(text, out var id) ? id
        : throw new FormatException($"\"{text}\" is no id of a vehicle: write {EntryId.Form}; crossings.csv, trafficflow journeys, watch journeys.SITE and outbox peek have them");

    private static int Count(string? word) => word is null ? DefaultPeek
        : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostPeek ? count
        : throw new FormatException($"\"{word}\" is no number from 1 to {MostPeek}: write outbox peek cam1 20");

    private static BinDuration Length(string? word)
    {
        if (word is null) return BinDuration.QuarterHour;
        var minutes = word switch
        {
            "1m" or "1min" or "1" => 1,
            "5m" or "5min" or "5" => 5,
            "15m" or "15min" or "15" => 15,
            "1h" or "60m" or "60min" or "60" => 60,
            _ => throw new FormatException($"\"{word}\" is no length of a bin: write 1m, 5m, 15m or 1h"),
        };
        return new BinDuration(minutes);
    }
}
