using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Operations;

/// <summary>What waits in an outbox, in words.</summary>
internal static class OutboxPeekTables
{
    /// <param name="now">For the age of the oldest.</param>
    public static OperatorReply Of(OutboxContents contents, DateTimeOffset now) => new InspectionTables(
        InspectionTable.Of(
            $"lanes of {contents.Camera}",
            [new("approach"), new("state"), new("waits", "entries", CellKind.Number), new("accepted up to"), new("sent up to")],
            contents.Lanes.Select(l => new object?[] { l.Approach.Value, State(l), l.Pending, l.AcceptedUpTo.ToString(), l.InFlight?.ToString() })),
        InspectionTable.Of(
            $"entries that wait in the outbox of {contents.Camera}",
            [new("id"), new("for"), new("what"), new("time", Kind: CellKind.Time)],
            contents.Entries.Select(e => new object?[] { $"{contents.Camera}/{e.Epoch}/{e.Entry.Sequence}", For(e.Entry), What(e.Entry), Time(e.Entry) }),
            Notes(contents, now)));

    private static string[] Notes(OutboxContents contents, DateTimeOffset now)
    {
        if (contents.Entries.Count == 0) return ["nothing waits: every approach has accepted all"];
        var oldest = contents.Entries.Select(e => Time(e.Entry)).OfType<DateTimeOffset>().DefaultIfEmpty(now).Min();
        var left = contents.Pending - contents.Entries.Count;
        return
        [
            $"{contents.Pending} entries wait; the oldest was counted {Age(now - oldest)} ago",
            .. left > 0 ? [$"{left} between the first and the last are not shown: outbox peek {contents.Camera} N shows N of each"] : Array.Empty<string>(),
            .. contents.Dropped > 0 ? [$"{contents.Dropped} older ones were given up at the bound; what they covered shows as missing"] : Array.Empty<string>(),
            .. contents.Lanes.Any(l => l.Sendings > 2) ? ["an approach does not answer: is a server up, and its database? See cluster show"] : Array.Empty<string>(),
            "an id of a vehicle can be asked: why ID",
        ];
    }

    private static string State(OutboxLane lane) => lane switch
    {
        { InFlight: null, Pending: 0 } => "has everything",
        { InFlight: null } => "what waits concerns others, or goes next",
        { Sendings: 1 } => "sent, no answer yet",
        _ => $"sent {lane.Sendings} times without an answer",
    };

    private static string For(OutboxEntry entry) => entry switch
    {
        VehicleEntry v => v.Vehicle.Approach.Value,
        JourneyEntry => ApproachId.Journeys.Value,
        CoverageEntry => "every approach",
        UnknownEntry u => u.For.Value,
        _ => "",
    };

    private static string What(OutboxEntry entry) => entry switch
    {
        VehicleEntry { Vehicle: var v } => $"{v.Movement} {v.Class.Name()}{(v.SpeedKmh is { } kmh ? string.Create(CultureInfo.InvariantCulture, $", {kmh:0} km/h") : "")}",
        JourneyEntry { Journey: var j } => $"journey {j.Approach?.Value ?? "unknown"} to {j.Exit?.Value ?? "unknown"}, {j.Class.Name()}",
        CoverageEntry { Coverage: var c } => string.Create(
            CultureInfo.InvariantCulture,
            $"watched {(c.To - c.From).TotalSeconds:0.0} s, {c.FramesProcessed} frames, {c.FramesDropped} dropped{(c.State == WatchState.Degraded ? ", degraded" : "")}"),
        _ => "of a newer version: passed on as it is",
    };

    private static DateTimeOffset? Time(OutboxEntry entry) => entry switch
    {
        VehicleEntry v => v.Vehicle.Time,
        JourneyEntry j => j.Journey.LastSeenAt,
        CoverageEntry c => c.Coverage.From,
        _ => null,
    };

    private static string Age(TimeSpan age) =>
        age < TimeSpan.Zero ? $"{-age.TotalSeconds:0} s from now, by this clock: so not"
        : age < TimeSpan.FromMinutes(2) ? $"{age.TotalSeconds:0} s"
        : age < TimeSpan.FromHours(2) ? $"{age.TotalMinutes:0} min"
        : age < TimeSpan.FromDays(2) ? $"{age.TotalHours:0} h"
        : $"{age.TotalDays:0} days";
}
