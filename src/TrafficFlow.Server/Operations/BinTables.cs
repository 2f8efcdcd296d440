using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Operations;

/// <summary>One bin with all its figures, as tables.</summary>
internal static class BinTables
{
    /// <param name="bin">As it is now.</param>
    /// <param name="stored">Its revisions in the read tables, sorted; null where they are not at hand.</param>
    /// <param name="health">The nodes' cameras; null where nobody answers.</param>
    public static OperatorReply Show(FlowBin bin, TimeZoneInfo zone, IReadOnlyList<ClosedBin>? stored, HealthOverview? health, IEnumerable<string> notes) => new InspectionTables(
        Figures(bin, zone, notes.Concat(Reasons(bin, health))), Counts(bin), Sources(bin), Revisions(stored));

    private static InspectionTable Figures(FlowBin bin, TimeZoneInfo zone, IEnumerable<string> notes) => InspectionTable.Of(
        $"bin of {bin.Key.Site}/{bin.Key.Approach}",
        [new("property"), new("value"), new("unit")],
        [
            ["from", Clock(bin.Key.Start, zone), zone.Id],
            ["to", Clock(bin.End, zone), zone.Id],
            ["state", bin.IsClosed ? "closed" : "open: it still counts", ""],
            ["revision", (long)bin.Revision, bin.Revision > 1 ? "revised by late data" : ""],
            ["quality", bin.Quality.ToString().ToLowerInvariant(), ""],
            ["observed", Math.Round(bin.ObservedSeconds, 3), $"s of {(bin.End - bin.Key.Start).TotalSeconds:0}"],
            ["vehicles entering", Count(bin, Movement.Entering), ""],
            ["vehicles exiting", Count(bin, Movement.Exiting), ""],
            ["site hash", bin.SiteHash.Length > 0 ? bin.SiteHash : "none: nobody fed it", ""],
            .. Queue(bin.Queue),
        ],
        [.. notes]);

    private static object Count(FlowBin bin, Movement movement) => bin.Count(movement) is { } count ? (long)count : "missing: nobody watched";

    private static IEnumerable<object?[]> Queue(QueueSums? queue) => queue is not { } q
        ? [["queue", "not measured", ""]]
        :
        [
            ["queue, measured for", Math.Round(q.Seconds, 1), "s"],
            ["queue, mean", Math.Round(q.MeanMetres ?? 0, 1), "m"],
            ["queue, longest", Math.Round(q.MaxMetres, 1), "m"],
            ["queue, mean", Math.Round(q.MeanVehicles ?? 0, 2), "vehicles"],
            ["queue, most", (long)q.MaxVehicles, "vehicles"],
        ];

    private static InspectionTable Counts(FlowBin bin) => InspectionTable.Of(
        "counts",
        [
            new("movement"), new("class"), new("count", "vehicles", CellKind.Number), new("small", "vehicles", CellKind.Number), new("large", "vehicles", CellKind.Number),
            new("speeds", "vehicles", CellKind.Number), new("mean", "km/h", CellKind.Number), new("space-mean", "km/h", CellKind.Number),
        ],
        bin.Rows.Select(r => new object?[]
        {
            r.Movement.Name, r.Class.Name(), (long)r.Sums.Count, (long)r.Sums.Small, (long)r.Sums.Large, (long)r.Sums.SpeedSamples, Rounded(r.Sums.MeanSpeedKmh), Rounded(r.Sums.SpaceMeanSpeedKmh),
        }),
        bin.Rows.IsEmpty ? [bin.Quality == BinQuality.Blind ? "nobody was counted, and nobody watched: missing, not zero" : "watched and empty: zero"] : []);

    private static InspectionTable Sources(FlowBin bin) => InspectionTable.Of(
        "made by",
        [new("camera"), new("detector"), new("version"), new("calibration"), new("site hash")],
        bin.Sources.Select(s => new object?[] { s.Camera.Value, s.Provenance.DetectorName, s.Provenance.DetectorVersion, s.Provenance.Calibration, s.Provenance.SiteHash }));

    private static InspectionTable Revisions(IReadOnlyList<ClosedBin>? stored) => InspectionTable.Of(
        "revisions as stored",
        [
            new("revision", Kind: CellKind.Number), new("closed at", Kind: CellKind.Time), new("quality"), new("observed", "s", CellKind.Number),
            new("entering", "vehicles", CellKind.Number), new("exiting", "vehicles", CellKind.Number), new("cursor", Kind: CellKind.Number),
        ],
        (stored ?? []).Select(c => new object?[]
        {
            (long)c.Bin.Revision, c.ClosedAt, c.Bin.Quality.ToString().ToLowerInvariant(), Math.Round(c.Bin.ObservedSeconds, 3),
            (long?)c.Bin.Count(Movement.Entering), (long?)c.Bin.Count(Movement.Exiting), c.Cursor,
        }),
        stored is null ? ["the read tables are a server's: ask there for the revisions before this one"] : stored.Count == 0 ? ["none: it has not closed yet"] : []);

    /// <summary>Why it is not complete, as far as the bin itself and the cameras' last reports tell.</summary>
    internal static IEnumerable<string> Reasons(FlowBin bin, HealthOverview? health)
    {
        var length = (bin.End - bin.Key.Start).TotalSeconds;
        switch (bin.Quality)
        {
            case BinQuality.Degraded:
                yield return "degraded: in this time a camera reported that too many of its frames were lost, that its scene was not as calibrated, that its pictures were damaged, or that vehicles were seen at one end of the junction only";
                break;
            case BinQuality.Partial:
                yield return string.Create(CultureInfo.InvariantCulture, $"partial: for {length - bin.ObservedSeconds:0.0} s of it not every camera that feeds it watched; counts are a lower bound");
                break;
            case BinQuality.Blind:
                yield return "blind: at no instant of it every camera that feeds it watched; counts are missing, not zero";
                break;
            default:
                yield break;
        }

        if (health is null)
        {
            yield return "no health board answers: how the cameras are now is not known";
            yield break;
        }

        foreach (var status in health.Nodes.SelectMany(n => n.Report.Cameras).Select(c => c.Status).Where(s => s.Site == bin.Key.Site)) yield return $"now {status.Camera}: {Now(status)}";
    }

    private static string Now(CameraStatus s) =>
        s.Reason.Length > 0 ? $"{s.State.ToString().ToLowerInvariant()}, {s.Reason}"
        : s.Junction is { } junction ? (junction.Explain() is { Length: > 0 } told ? told : "vehicles are seen at both ends")
        : new SceneVerdict(s.Scene).IsDegraded ? $"scene {s.Scene.Name()}: {s.SceneReason}"
        : string.Create(CultureInfo.InvariantCulture, $"{s.State.ToString().ToLowerInvariant()}, {s.FramesPerSecond:0.#} frames/s, {s.Dropped} of {s.Frames + s.Dropped} frames dropped since it was opened");

    private static double? Rounded(double? kmh) => kmh is { } speed ? Math.Round(speed, 1) : null;

    private static string Clock(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
