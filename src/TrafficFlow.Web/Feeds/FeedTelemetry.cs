using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Web.Feeds;

/// <summary>What feeds send.</summary>
internal static class FeedTelemetry
{
    private static readonly Counter<long> s_sent = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.feed.sent", "{event}", "Events that the receiver of a feed has acknowledged.");

    private static readonly Counter<long> s_failed = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.feed.failed", "{attempt}", "Attempts that the receiver of a feed did not acknowledge: each is made again.");

    private static readonly Counter<long> s_missed = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.feed.missed", "{event}", "Events that a feed could not send before the tables kept them no more.");

    private static readonly LiveGauge<string, long> s_behind = new(
        "trafficflow.feed.behind", "s", "For how long something has waited for the receiver of a feed without a pause; 0 while all that closed is sent.",
        since => since == 0 ? 0 : Stopwatch.GetElapsedTime(since).TotalSeconds, feed => [Tag(feed)]);

    /// <summary>All that closed is sent.</summary>
    public static void CaughtUp(string feed) => s_behind.Set(feed, 0);

    /// <summary>From now on something waits.</summary>
    public static void Behind(string feed) => s_behind.Set(feed, Stopwatch.GetTimestamp());

    /// <summary>It runs here no more.</summary>
    public static void Ended(string feed) => s_behind.Remove(feed);

    public static void Sent(string feed) => s_sent.Add(1, Tag(feed));

    public static void Failed(string feed) => s_failed.Add(1, Tag(feed));

    public static void Missed(string feed, long events) => s_missed.Add(events, Tag(feed));

    private static KeyValuePair<string, object?> Tag(string feed) => new("trafficflow.feed", feed);
}
