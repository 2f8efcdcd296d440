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

    public static void Sent(string feed) => s_sent.Add(1, Tag(feed));

    public static void Failed(string feed) => s_failed.Add(1, Tag(feed));

    public static void Missed(string feed, long events) => s_missed.Add(events, Tag(feed));

    private static KeyValuePair<string, object?> Tag(string feed) => new("trafficflow.feed", feed);
}
