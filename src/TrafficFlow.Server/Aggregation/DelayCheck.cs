using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// A batch that was long on its way, or waited while its receiver recovered, looks as if its sender's clock were behind. The outbox
/// sends again within seconds: only what then lies behind by as much, with as much time passed on both clocks, is a wrong clock.
/// </summary>
/// <param name="bound">How far off a clock may be.</param>
internal sealed class DelayCheck(TimeProvider time, TimeSpan bound)
{
    // Outboxes wait longer before they send again.
    private static readonly TimeSpan s_resent = TimeSpan.FromSeconds(1);

    private readonly Dictionary<CameraId, (DateTimeOffset SentAt, long ReceivedAt)> _suspects = [];

    /// <returns>True where only the next sending can tell.</returns>
    public bool IsPerhapsDelayed(DeliveryBatch batch, ClockSkewCheck check)
    {
        if (batch.Clock is not { } clock || check.StampOffset is null || check.NodeOffset <= bound / 2)
        {
            _suspects.Remove(batch.Camera);
            return false;
        }

        var now = time.GetTimestamp();
        var isConfirmed = _suspects.TryGetValue(batch.Camera, out var before) && clock.SentAt - before.SentAt is var sent && sent >= s_resent
            && (time.GetElapsedTime(before.ReceivedAt, now) - sent).Duration() < s_resent;
        if (isConfirmed) return false;
        if (before.SentAt < clock.SentAt) _suspects[batch.Camera] = (clock.SentAt, now);
        return true;
    }
}
