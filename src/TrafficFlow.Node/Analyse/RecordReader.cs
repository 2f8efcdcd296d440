using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;

namespace TrafficFlow.Node.Analyse;

/// <summary>
/// What the read tables tell of a junction over a span of time. When an approach was watched its bins of one minute say: minutes of which less than nine tenths were seen, or with a degraded camera,
/// are not believed; which camera of those that feed it was at fault the tables do not know.
/// </summary>
internal static class RecordReader
{
    /// <summary>Of a minute; the rest may have had a vehicle that nobody saw.</summary>
    private const double LeastOfMinute = 0.9;

    /// <summary>Of fewer journeys nobody tells how far cameras see.</summary>
    private const int FewestSeen = 50;

    /// <summary>
    /// From where so many are seen already: those who are first seen nearer came out from behind others. With more the farthest of all would count, which a queue's end is seldom seen at.
    /// </summary>
    private const double SeenFrom = 0.3;

    /// <param name="span">Whole minutes.</param>
    /// <exception cref="QueryException">The tables cannot be read.</exception>
    /// <exception cref="JobFailedException">Vehicles were counted there, but not followed over the junction.</exception>
    public static async Task<JunctionRecord> ReadAsync(IFlowQuery flows, IJourneyQuery journeys, Site site, Interval span, CancellationToken cancellation)
    {
        var (bins, counted) = (new Dictionary<ApproachId, List<FlowBin>>(), 0L);
        await foreach (var closed in flows.ReadAllAsync(new FlowFilter(site.Id, BinDuration.OneMinute, span) { Movement = Movement.Entering }, cancellation))
        {
            if (!bins.TryGetValue(closed.Bin.Key.Approach, out var of)) bins[closed.Bin.Key.Approach] = of = [];
            of.Add(closed.Bin);
            counted += closed.Bin.Rows.Sum(r => r.Sums.Count);
        }

        var (found, provenance, seen) = (ImmutableArray.CreateBuilder<Journey>(), new HashSet<Provenance>(), new HashSet<(CameraId, object)>());
        await foreach (var stored in journeys.ReadAllAsync(new JourneyFilter(site.Id, span), cancellation))
        {
            // One that was written between two pages may come twice.
            if (!seen.Add((stored.Junction, stored.Position))) continue;
            found.Add(stored.Journey);
            provenance.Add(stored.Provenance);
        }

        var removed = (await flows.RemovedAsync(site.Id, cancellation)).Where(r => r.Kind == KeptKind.Journeys && r.Before > span.From).ToList();
        if (found.Count == 0 && counted > 0)
        {
            throw new JobFailedException(removed.Count > 0
                ? $"the journeys of {site.Id} in this time were removed on {removed.Max(r => r.At):yyyy-MM-dd} ({removed[0].Reason}), and a study reads them: take a later time"
                : $"{counted} vehicles were counted at {site.Id} in this time, but none was followed over the junction, which a study needs: that takes two or more cameras with gates, all calibrated (trafficflow calibrate)");
        }

        // What was removed was watched, and is not there any more.
        var from = removed.Select(r => r.Before).DefaultIfEmpty(span.From).Max();
        var ended = (found.All(IsCut) ? found.Select(Middle) : found).OrderBy(j => j.LastSeenAt).ToImmutableArray();
        var headings = ApproachHeadings.Of(site);
        var approaches = site.Approaches.Select(a => ApproachOf(a, bins.GetValueOrDefault(a.Id) ?? [], ended, from) with { HeadingDegrees = headings.TryGetValue(a.Id, out var heading) ? heading : null }).ToImmutableArray();
        return new JunctionRecord(site.Id, site.Name, site.TimeZone, span, approaches, [.. site.Cameras.Select(c => CameraOf(c, bins))], ended) { Provenance = [.. provenance.OrderBy(p => p.ToString(), StringComparer.Ordinal)] };
    }

    private static bool IsCut(Journey journey) => journey.FirstSeenAt.UtcTicks % TimeSpan.TicksPerSecond == 0 && (journey.EnteredAt?.UtcTicks ?? 0) % TimeSpan.TicksPerSecond == 0;

    /// <summary>The tables keep whole seconds, cut down: on the mean half a second is missing, by which greens would seem to begin earlier.</summary>
    private static Journey Middle(Journey journey) => journey with
    {
        EnteredAt = journey.EnteredAt?.AddSeconds(0.5),
        LeftAt = journey.LeftAt?.AddSeconds(0.5),
        FirstSeenAt = journey.FirstSeenAt.AddSeconds(0.5),
        LastSeenAt = journey.LastSeenAt.AddSeconds(0.5),
        QueuedAt = journey.QueuedAt?.AddSeconds(0.5),
    };

    private static ApproachRecord ApproachOf(Approach approach, List<FlowBin> bins, ImmutableArray<Journey> journeys, DateTimeOffset from)
    {
        var believed = bins.Where(b => b.Quality is BinQuality.Complete or BinQuality.Partial && b.Observed >= LeastOfMinute * (b.End - b.Key.Start)).Select(b => new Interval(b.Key.Start, b.End));
        return new ApproachRecord(
            approach.Id, approach.Name, IntervalSet.Of(believed).From(from),
            [.. bins.Where(b => b.Queue is { Seconds: > 0 }).OrderBy(b => b.Key.Start).Select(b => new QueueReading(approach.Id, b.Key.Start, b.Queue!.Value))], SeenMetres(approach.Id, journeys));
    }

    /// <summary>
    /// How far back from the entering gate vehicles are seen: of those who went through without a stop, the way that they had left to the gate when they were first seen, by the time for it at their
    /// mean speed.
    /// </summary>
    internal static double? SeenMetres(ApproachId approach, ImmutableArray<Journey> journeys)
    {
        var metres = journeys
            .Where(j => j is { Stops: 0, DistanceMetres: > 0, EnteredAt: not null, LeftAt: not null } && j.Approach == approach && j.LeftAt > j.FirstSeenAt && j.EnteredAt >= j.FirstSeenAt)
            .Select(j => j.DistanceMetres * ((j.EnteredAt!.Value - j.FirstSeenAt) / (j.LeftAt!.Value - j.FirstSeenAt)))
            .Order()
            .ToList();
        return metres.Count >= FewestSeen ? metres[(int)(SeenFrom * (metres.Count - 1))] : null;
    }

    private static CameraRecord CameraOf(CameraSetup camera, Dictionary<ApproachId, List<FlowBin>> bins)
    {
        ImmutableArray<ApproachId> feeds = [.. camera.Gates.SelectMany(g => new[] { g.Forward, g.Backward }).OfType<GateMeaning>().Where(m => m.Role == GateRole.Enters).Select(m => m.Approach).Distinct()];
        var own = feeds.SelectMany(f => bins.GetValueOrDefault(f) ?? []).OrderBy(b => b.Key.Start).ToList();
        return new CameraRecord(
            camera.Id, IntervalSet.Of(own.Where(b => b.Observed > TimeSpan.Zero).Select(b => new Interval(b.Key.Start, b.End))),
            IntervalSet.Of(own.Where(b => b.Quality == BinQuality.Degraded).Select(b => new Interval(b.Key.Start, b.End))), feeds);
    }
}
