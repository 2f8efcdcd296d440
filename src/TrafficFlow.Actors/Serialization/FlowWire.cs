using System.Runtime.Serialization;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Topics;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Serialization;

/// <summary>What the feature's messages have in common: times, positions, entries, bins.</summary>
internal static class FlowWire
{
    public static long Ticks(DateTimeOffset time) => time.UtcTicks;

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? Time(bool present, long ticks) => present ? Time(ticks) : null;

    /// <summary>An unknown number is refused: silently counted as something else, it would be wrong for ever.</summary>
    public static T Enum<T>(int value) where T : struct, Enum
    {
        var result = (T)System.Enum.ToObject(typeof(T), value);
        return System.Enum.IsDefined(result) ? result : throw new SerializationException($"{typeof(T).Name} has no value {value}: was it written by a newer version of TrafficFlow?");
    }

    public static Wire.Position Write(LogPosition p) => new() { Epoch = p.Epoch, Sequence = p.Sequence };

    public static LogPosition Read(Wire.Position p) => new(p.Epoch, p.Sequence);

    public static Wire.Provenance Write(Provenance p) => new()
    {
        SiteHash = p.SiteHash,
        DetectorName = p.DetectorName,
        DetectorVersion = p.DetectorVersion,
        Calibration = p.Calibration,
    };

    public static Provenance Read(Wire.Provenance p) => new(p.SiteHash, p.DetectorName, p.DetectorVersion, p.Calibration);

    public static Wire.Entry Write(OutboxEntry entry)
    {
        switch (entry)
        {
            case VehicleEntry { Vehicle: var v }:
                var vehicle = new Wire.Vehicle
                {
                    Approach = v.Approach.Value,
                    Movement = v.Movement.Name,
                    TimeTicks = Ticks(v.Time),
                    Class = (int)v.Class,
                    Size = (int)v.Size,
                };
                if (v.SpeedKmh is { } speed) vehicle.SpeedKmh = speed;
                return new Wire.Entry { Sequence = entry.Sequence, Camera = v.Camera.Value, Vehicle = vehicle };
            case CoverageEntry { Coverage: var c }:
                return new Wire.Entry
                {
                    Sequence = entry.Sequence,
                    Camera = c.Camera.Value,
                    Coverage = new Wire.Coverage
                    {
                        FromTicks = Ticks(c.From),
                        ToTicks = Ticks(c.To),
                        Processed = c.FramesProcessed,
                        Dropped = c.FramesDropped,
                        State = (int)c.State,
                    },
                };
            default:
                throw new SerializationException($"{entry.GetType()} has no wire form");
        }
    }

    public static OutboxEntry Read(Wire.Entry entry)
    {
        var camera = new CameraId(entry.Camera);
        return entry.ContentCase switch
        {
            Wire.Entry.ContentOneofCase.Vehicle => new VehicleEntry(entry.Sequence, new CountedVehicle(
                camera,
                new ApproachId(entry.Vehicle.Approach),
                new Movement(entry.Vehicle.Movement),
                Time(entry.Vehicle.TimeTicks),
                Enum<VehicleClass>(entry.Vehicle.Class),
                Enum<VehicleSize>(entry.Vehicle.Size),
                entry.Vehicle.HasSpeedKmh ? entry.Vehicle.SpeedKmh : null)),
            Wire.Entry.ContentOneofCase.Coverage => new CoverageEntry(entry.Sequence, new Coverage(
                camera,
                Time(entry.Coverage.FromTicks),
                Time(entry.Coverage.ToTicks),
                entry.Coverage.Processed,
                entry.Coverage.Dropped,
                Enum<WatchState>(entry.Coverage.State))),
            _ => throw new SerializationException($"entry {entry.Sequence} of camera {entry.Camera} holds nothing that this version knows"),
        };
    }

    public static Wire.Row Write(FlowRow row) => new()
    {
        Movement = row.Movement.Name,
        Class = (int)row.Class,
        Sums = new Wire.Sums
        {
            Count = row.Sums.Count,
            Small = row.Sums.Small,
            Large = row.Sums.Large,
            SpeedSamples = row.Sums.SpeedSamples,
            SpeedSumKmh = row.Sums.SpeedSumKmh,
            PaceSum = row.Sums.PaceSum,
        },
    };

    public static FlowRow Read(Wire.Row row) => new(
        new Movement(row.Movement),
        Enum<VehicleClass>(row.Class),
        new FlowSums(row.Sums.Count, row.Sums.Small, row.Sums.Large, row.Sums.SpeedSamples, row.Sums.SpeedSumKmh, row.Sums.PaceSum));

    public static Wire.Bin Write(FlowBin bin) => new()
    {
        Site = bin.Key.Site.Value,
        Approach = bin.Key.Approach.Value,
        Minutes = bin.Key.Duration.Minutes,
        StartTicks = Ticks(bin.Key.Start),
        StartOffsetMinutes = (int)bin.Key.Start.Offset.TotalMinutes,
        EndTicks = Ticks(bin.End),
        EndOffsetMinutes = (int)bin.End.Offset.TotalMinutes,
        ObservedTicks = bin.Observed.Ticks,
        Quality = (int)bin.Quality,
        Revision = bin.Revision,
        Rows = { bin.Rows.Select(Write) },
        Sources = { bin.Sources.Select(s => new Wire.BinSource { Camera = s.Camera.Value, Provenance = Write(s.Provenance) }) },
    };

    public static FlowBin Read(Wire.Bin bin) => new(
        new BinKey(
            new SiteId(bin.Site),
            new ApproachId(bin.Approach),
            new BinDuration(bin.Minutes),
            Time(bin.StartTicks).ToOffset(TimeSpan.FromMinutes(bin.StartOffsetMinutes))),
        Time(bin.EndTicks).ToOffset(TimeSpan.FromMinutes(bin.EndOffsetMinutes)),
        TimeSpan.FromTicks(bin.ObservedTicks),
        Enum<BinQuality>(bin.Quality),
        bin.Revision,
        [.. bin.Rows.Select(Read)],
        [.. bin.Sources.Select(s => new BinSource(new CameraId(s.Camera), Read(s.Provenance)))]);

    public static Wire.FlowBins Write(FlowBins bins) => new() { Bins = { bins.Bins.Select(Write) } };

    public static FlowBins Read(Wire.FlowBins bins) => new([.. bins.Bins.Select(Read)]);

    public static Wire.FlowBinsOpen Write(FlowBinsOpen open) =>
        new() { Site = open.Site.Value, Approach = open.Approach.Value, Bins = { open.Bins.Select(Write) } };

    public static FlowBinsOpen Read(Wire.FlowBinsOpen open) =>
        new(new SiteId(open.Site), new ApproachId(open.Approach), [.. open.Bins.Select(Read)]);
}
