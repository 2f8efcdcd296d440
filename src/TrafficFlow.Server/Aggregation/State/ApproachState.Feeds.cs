using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>Which cameras feed the approach, over time: a camera that is added must not turn the bins before it blind.</summary>
public sealed partial record ApproachState
{
    // Beyond this lag event time says nothing about the moment at which the configuration changed.
    private static readonly TimeSpan LiveWithin = TimeSpan.FromMinutes(10);

    /// <summary>No event where the configured cameras are those that feed the approach already.</summary>
    public FeedsChanged? Process(ApproachSetup setup, DateTimeOffset now)
    {
        var configured = setup.Cameras.OrderBy(c => c.Value, StringComparer.Ordinal).ToImmutableArray();
        if (!Feeds.IsEmpty && Feeds[^1].Cameras.SequenceEqual(configured)) return null;
        var from = Feeds.IsEmpty ? DateTimeOffset.MinValue
            : Lag.Duration() <= LiveWithin && now > MaxWatermark ? now
            : MaxWatermark;
        // Two changes before anything was measured: only the last one holds.
        return new FeedsChanged(!Feeds.IsEmpty && from < Feeds[^1].From ? Feeds[^1].From : from, configured);
    }

    private ApproachState Change(FeedsChanged e) => this with { Feeds = [.. Feeds.Where(f => f.From < e.From), e] };

    private IReadOnlyList<CameraId> CamerasNow(ApproachSetup setup) => Feeds.IsEmpty ? setup.Cameras : Feeds[^1].Cameras;

    /// <summary>Event time from which on the camera has fed the approach without a break; null for always, or never.</summary>
    private DateTimeOffset? JoinedAt(CameraId camera)
    {
        DateTimeOffset? joined = null;
        for (var i = Feeds.Length - 1; i > 0 && Feeds[i].Cameras.Contains(camera); i--)
            if (!Feeds[i - 1].Cameras.Contains(camera)) joined = Feeds[i].From;
        return joined;
    }

    /// <summary>For how long all cameras watched that fed the approach at each moment.</summary>
    private TimeSpan Observed(Interval bin, ApproachSetup setup)
    {
        if (Feeds.IsEmpty) return Observed(bin, setup.Cameras);
        var total = TimeSpan.Zero;
        for (var i = 0; i < Feeds.Length; i++)
        {
            var part = bin.Clip(new Interval(Feeds[i].From, i + 1 < Feeds.Length ? Feeds[i + 1].From : DateTimeOffset.MaxValue));
            if (!part.IsEmpty) total += Observed(part, Feeds[i].Cameras);
        }

        return total;
    }

    private TimeSpan Observed(Interval part, IReadOnlyList<CameraId> cameras)
    {
        IntervalSet? all = null;
        foreach (var camera in cameras)
        {
            if (!Cameras.TryGetValue(camera.Value, out var feed)) return TimeSpan.Zero;
            var watched = feed.Watched.Within(part);
            all = all is null ? watched : all.Intersect(watched);
        }

        return all?.Total ?? TimeSpan.Zero;
    }

    private static ImmutableArray<FeedsChanged> Recent(ImmutableArray<FeedsChanged> all, DateTimeOffset before)
    {
        var first = all.Length - 1;
        while (first > 0 && all[first].From > before) first--;
        return first <= 0 ? all : all.RemoveRange(0, first);
    }
}
