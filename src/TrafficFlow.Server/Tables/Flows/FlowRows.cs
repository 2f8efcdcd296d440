using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>Closed bins to rows of the read tables and back.</summary>
internal static class FlowRows
{
    private static readonly Comparer<FlowRow> Streams = Comparer<FlowRow>.Create((a, b) => new FlowStream(a.Movement, a.Class).CompareTo(new FlowStream(b.Movement, b.Class)));

    public static BinRow Row(ClosedBin closed)
    {
        var bin = closed.Bin;
        var newest = bin.Sources.IsEmpty ? null : bin.Sources[^1].Provenance;
        return new BinRow
        {
            Site = bin.Key.Site.Value,
            Approach = bin.Key.Approach.Value,
            Minutes = bin.Key.Duration.Minutes,
            Start = bin.Key.Start,
            Revision = bin.Revision,
            Cursor = closed.Cursor,
            End = bin.End,
            StartOffsetMinutes = (long)bin.Key.Start.Offset.TotalMinutes,
            EndOffsetMinutes = (long)bin.End.Offset.TotalMinutes,
            ObservedSeconds = bin.ObservedSeconds,
            Quality = BinNames.Of(bin.Quality),
            SiteHash = bin.SiteHash,
            Model = newest?.DetectorName ?? "",
            ModelVersion = newest?.DetectorVersion ?? "",
            Calibration = newest?.Calibration ?? "",
            Sources = BinSources.Write(bin.Sources),
            ClosedAt = closed.ClosedAt,
            QueueSeconds = bin.Queue?.Seconds,
            QueueMetreSeconds = bin.Queue?.MetreSeconds,
            QueueMaxMetres = bin.Queue?.MaxMetres,
            QueueVehicleSeconds = bin.Queue?.VehicleSeconds,
            QueueMaxVehicles = bin.Queue?.MaxVehicles,
        };
    }

    public static IEnumerable<CountRow> Counts(FlowBin bin) => bin.Rows.Select(row => new CountRow
    {
        Site = bin.Key.Site.Value,
        Approach = bin.Key.Approach.Value,
        Minutes = bin.Key.Duration.Minutes,
        Start = bin.Key.Start,
        Revision = bin.Revision,
        Movement = row.Movement.Name,
        Class = row.Class.Name(),
        Count = row.Sums.Count,
        Small = row.Sums.Small,
        Large = row.Sums.Large,
        SpeedSamples = row.Sums.SpeedSamples,
        SpeedSumKmh = row.Sums.SpeedSumKmh,
        PaceSum = row.Sums.PaceSum,
    });

    /// <param name="counts">Of this revision of the bin, in any order.</param>
    public static ClosedBin Bin(BinRow row, IEnumerable<CountRow> counts) => new(
        row.Cursor,
        new FlowBin(
            new BinKey(
                new SiteId(row.Site), new ApproachId(row.Approach), new BinDuration((int)row.Minutes),
                row.Start.ToOffset(TimeSpan.FromMinutes(row.StartOffsetMinutes))),
            row.End.ToOffset(TimeSpan.FromMinutes(row.EndOffsetMinutes)),
            TimeSpan.FromTicks((long)Math.Round(row.ObservedSeconds * TimeSpan.TicksPerSecond)),
            BinNames.Quality(row.Quality),
            (int)row.Revision,
            [.. counts.Select(Flow).Order(Streams)],
            BinSources.Read(row.Sources))
        {
            Queue = Queue(row),
        },
        row.ClosedAt);

    private static QueueSums? Queue(BinRow row) => row.QueueSeconds is { } seconds
        ? new QueueSums(seconds, row.QueueMetreSeconds ?? 0, row.QueueMaxMetres ?? 0, row.QueueVehicleSeconds ?? 0, (int)(row.QueueMaxVehicles ?? 0))
        : null;

    public static VehicleClass Class(string name) =>
        VehicleClassNames.TryParse(name, out var vehicleClass) ? vehicleClass : throw new InvalidDataException($"flow_counts has the class {name}");

    private static FlowRow Flow(CountRow row) => new(
        new Movement(row.Movement),
        Class(row.Class),
        new FlowSums((int)row.Count, (int)row.Small, (int)row.Large, (int)row.SpeedSamples, row.SpeedSumKmh, row.PaceSum));
}
