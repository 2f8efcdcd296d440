using Akka.Event;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Wire.Delivery;

/// <summary>
/// What a receiver does with entries of a kind that only a newer version knows, for as long as nodes of both run together: it takes what
/// came before the first of them and acknowledges nothing beyond, so that the outbox keeps the rest until this node is upgraded. Therefore
/// a new kind has a consumer's name of its own among the feeds of its log, as journeys have: then only that consumer's entries wait.
/// </summary>
public sealed class UnknownEntryFilter(ILoggingAdapter log)
{
    private bool _hasReported;

    /// <returns>The batch up to the first unknown entry; the batch itself where it has none.</returns>
    public DeliveryBatch Apply(DeliveryBatch batch)
    {
        for (var i = 0; i < batch.Entries.Count; i++)
        {
            if (batch.Entries[i] is not UnknownEntry unknown) continue;
            if (!_hasReported)
                log.Error(
                    "Camera {Camera} delivers an entry ({Position}) for {Approach} of a kind that this server does not know: it and what follows wait in the outbox. Upgrade this server",
                    batch.Camera, new LogPosition(batch.Epoch, unknown.Sequence), batch.Approach);
            _hasReported = true;
            return batch with { UpToSequence = unknown.Sequence - 1, Entries = [.. batch.Entries.Take(i)] };
        }

        return batch;
    }
}
