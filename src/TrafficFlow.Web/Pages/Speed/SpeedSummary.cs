using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Speed;

/// <summary>Speeds and queues of one approach, step by step.</summary>
/// <param name="SpeedsKmh">Space-mean, at the entering gate; null where none was measured.</param>
/// <param name="Queues">Null where none was measured.</param>
public sealed record ApproachSpeeds(ApproachId Approach, ImmutableArray<double?> SpeedsKmh, ImmutableArray<QueueSums?> Queues)
{
    public QueueSums? Queue => Queues.Where(q => q is not null).Aggregate((QueueSums?)null, (sum, q) => sum is { } s ? s + q!.Value : q);
}

/// <summary>Speeds and queues of a period.</summary>
public sealed record SpeedSummary(IReadOnlyList<Interval> Steps, IReadOnlyList<ApproachSpeeds> Approaches)
{
    public bool HasSpeeds => Approaches.Any(a => a.SpeedsKmh.Any(s => s is not null));

    public bool HasQueues => Approaches.Any(a => a.Queue is not null);

    /// <exception cref="QueryException">The database cannot be read.</exception>
    public static async Task<SpeedSummary> ReadAsync(IFlowQuery flows, Site site, CountSteps steps, Period period, CancellationToken cancellation)
    {
        List<FlowBin> bins = [];
        await foreach (var closed in flows.ReadAllAsync(new FlowFilter(site.Id, steps.Duration, period.Span(site.TimeZone)) { Movement = Movement.Entering }, cancellation)) bins.Add(closed.Bin);
        return Of(site, steps.Of(period, site.TimeZone), bins);
    }

    public static SpeedSummary Of(Site site, IReadOnlyList<Interval> steps, IEnumerable<FlowBin> bins)
    {
        var sums = site.Approaches.ToDictionary(a => a.Id, _ => (Flow: new FlowSums[steps.Count], Queue: new QueueSums?[steps.Count]));
        foreach (var bin in bins)
        {
            if (!sums.TryGetValue(bin.Key.Approach, out var of) || CountSteps.Find(steps, bin.Key.Start) is not { } step) continue;
            foreach (var row in bin.Rows.Where(r => r.Movement == Movement.Entering)) of.Flow[step] += row.Sums;
            if (bin.Queue is { Seconds: > 0 } queue) of.Queue[step] = of.Queue[step] is { } known ? known + queue : queue;
        }

        return new SpeedSummary(steps, [.. sums.Select(s => new ApproachSpeeds(s.Key, [.. s.Value.Flow.Select(f => f.SpaceMeanSpeedKmh)], [.. s.Value.Queue]))]);
    }
}

/// <summary>All whole journeys of one movement.</summary>
/// <param name="TravelSpeedKmh">Way by time, all of them together; null where no way is known.</param>
public sealed record WayFigures(ApproachId From, ApproachId To, int Vehicles, double? TravelSpeedKmh, double DelaySeconds, double Stops, double StoppedSeconds)
{
    public static IReadOnlyList<WayFigures> Of(IEnumerable<Journey> journeys)
    {
        var sums = new WaySums();
        foreach (var journey in journeys) sums.Add(journey);
        return sums.ToFigures();
    }
}
