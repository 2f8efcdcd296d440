using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>Why a delivery is not taken: nothing of it is counted, and nobody is told that it was stored.</summary>
/// <param name="Kind">For meters: a few words, never what the sender wrote.</param>
public sealed record RefusedBatch(string Kind, string Problem, string Remedy);

/// <summary>
/// What no camera of the site can have sent. An epoch is a number that its outbox chose: for live cameras the second in which it began, by
/// their node's clock, else one more than the last; inside it sequences run 1, 2, 3, ... Pure.
/// </summary>
public static class BatchCheck
{
    // A thousand entries a second for thirty years.
    private const long HighestSequence = 1_000_000_000_000;

    // An outbox that lost rows passes over a million epochs, some twelve days of seconds; clocks are hours off.
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(30);

    // A camera that was let through once goes on from there, epoch by epoch.
    private const long FollowingEpochs = 1_000;

    /// <summary>No epoch that began by a clock like ours has a higher number.</summary>
    public static long LatestEpoch(DateTimeOffset now) => (now + s_ahead).ToUnixTimeSeconds();

    /// <param name="log">What was counted of the camera.</param>
    /// <returns>Null where it may be true.</returns>
    public static RefusedBatch? Refuse(DeliveryBatch batch, ApproachSetup setup, CameraLog log, DateTimeOffset now)
    {
        if (Refuse(batch, setup.Senders) is { } refused) return refused;
        if (batch.Epoch > LatestEpoch(now) && batch.Epoch - FollowingEpochs > log.HighWater.Epoch)
            return new RefusedBatch(
                "epoch-ahead",
                $"its epoch {batch.Epoch} lies more than {s_ahead.TotalDays:0} days ahead of this server's clock, and the last that was counted is {log.HighWater.Epoch}",
                $"Was a clock years ahead, of its node or of this server? Set it right. To take its counts all the same: trafficflow ctl approach repair {setup.Site}/{setup.Approach}/{batch.Camera} {batch.Epoch}/0");
        return null;
    }

    /// <summary>Whatever was counted before.</summary>
    /// <param name="senders">All that may deliver for the site.</param>
    public static RefusedBatch? Refuse(DeliveryBatch batch, IReadOnlyCollection<CameraId> senders)
    {
        if (!senders.Contains(batch.Camera))
            return new RefusedBatch(
                "unknown-camera",
                $"site {batch.Site} has no camera {batch.Camera} in this server's site files: they have {string.Join(", ", senders.Select(c => c.Value).Order(StringComparer.Ordinal))}",
                "Give roadside and server the same site file, then trafficflow ctl site reload on both; where nobody installed such a camera, somebody uses a certificate of the site");
        if (batch.Epoch < 1 || batch.UpToSequence is < 0 or > HighestSequence || !IsAscending(batch))
            return new RefusedBatch(
                "malformed", "its entries are not numbered as an outbox numbers them", "Restart the camera on its node; where it stays so, somebody uses a certificate of the site");
        return null;
    }

    private static bool IsAscending(DeliveryBatch batch)
    {
        var last = 0L;
        foreach (var entry in batch.Entries)
        {
            if (entry.Sequence <= last) return false;
            last = entry.Sequence;
        }

        return last <= batch.UpToSequence;
    }
}
