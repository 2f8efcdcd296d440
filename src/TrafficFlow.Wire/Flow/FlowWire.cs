using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Flow;

/// <summary>Provenance, rows and bins, in whatever message they stand.</summary>
internal static class FlowWire
{
    public static Proto.Provenance Write(Provenance p) => new()
    {
        SiteHash = p.SiteHash,
        DetectorName = p.DetectorName,
        DetectorVersion = p.DetectorVersion,
        Calibration = p.Calibration,
    };

    public static Provenance Read(Proto.Provenance p) => new(p.SiteHash, p.DetectorName, p.DetectorVersion, p.Calibration);

    public static Proto.Row Write(FlowRow row) => new()
    {
        Movement = row.Movement.Name,
        Class = (int)row.Class,
        Sums = new Proto.Sums
        {
            Count = row.Sums.Count,
            Small = row.Sums.Small,
            Large = row.Sums.Large,
            SpeedSamples = row.Sums.SpeedSamples,
            SpeedSumKmh = row.Sums.SpeedSumKmh,
            PaceSum = row.Sums.PaceSum,
        },
    };

    public static FlowRow Read(Proto.Row row) => new(
        new Movement(row.Movement),
        WireValues.Enum<VehicleClass>(row.Class),
        Measures.Require(new FlowSums(row.Sums.Count, row.Sums.Small, row.Sums.Large, row.Sums.SpeedSamples, row.Sums.SpeedSumKmh, row.Sums.PaceSum)));

    public static Proto.Bin Write(FlowBin bin)
    {
        var written = WithoutQueue(bin);
        if (bin.Queue is { } queue) written.Queue = QueueWire.Write(queue);
        return written;
    }

    private static Proto.Bin WithoutQueue(FlowBin bin) => new()
    {
        Site = bin.Key.Site.Value,
        Approach = bin.Key.Approach.Value,
        Minutes = bin.Key.Duration.Minutes,
        StartTicks = WireValues.Ticks(bin.Key.Start),
        StartOffsetMinutes = (int)bin.Key.Start.Offset.TotalMinutes,
        EndTicks = WireValues.Ticks(bin.End),
        EndOffsetMinutes = (int)bin.End.Offset.TotalMinutes,
        ObservedTicks = bin.Observed.Ticks,
        Quality = (int)bin.Quality,
        Revision = bin.Revision,
        Rows = { bin.Rows.Select(Write) },
        Sources = { bin.Sources.Select(s => new Proto.BinSource { Camera = s.Camera.Value, Provenance = Write(s.Provenance) }) },
    };

    public static FlowBin Read(Proto.Bin bin) => new(
        new BinKey(
            new SiteId(bin.Site),
            new ApproachId(bin.Approach),
            Measures.Duration(bin.Minutes),
            WireValues.Time(bin.StartTicks).ToOffset(TimeSpan.FromMinutes(bin.StartOffsetMinutes))),
        WireValues.Time(bin.EndTicks).ToOffset(TimeSpan.FromMinutes(bin.EndOffsetMinutes)),
        TimeSpan.FromTicks(bin.ObservedTicks),
        WireValues.Enum<BinQuality>(bin.Quality),
        bin.Revision,
        [.. bin.Rows.Select(Read)],
        [.. bin.Sources.Select(s => new BinSource(new CameraId(s.Camera), Read(s.Provenance)))])
    {
        Queue = bin.Queue is { } queue && QueueWire.Read(queue) is var sums && Measures.IsMeasured(sums) ? sums : null,
    };
}
