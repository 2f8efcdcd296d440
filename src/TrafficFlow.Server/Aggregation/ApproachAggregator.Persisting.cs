using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// One event at a time on its way into the journal. Commands are not stashed meanwhile, as Persist would: a database can be away for hours,
/// questions are answered all the same, and of what an outbox sends again and again only the last is kept.
/// </summary>
public sealed partial class ApproachAggregator
{
    private readonly Dictionary<CameraId, (DeliveryBatch Batch, IActorRef From)> _waiting = [];
    private (CloseOpenBins Command, IActorRef From)? _closer;
    private bool _isPersisting;
    private bool _isFeedsCheckDue;

    private void Write(ApproachEvent e, Action? done = null)
    {
        _isPersisting = true;
        PersistAsync(e, written =>
        {
            _isPersisting = false;
            Applied(written);
            done?.Invoke();
            TakeWaiting();
        });
    }

    private void TakeWaiting()
    {
        if (_isFeedsCheckDue)
        {
            _isFeedsCheckDue = false;
            RecordFeeds();
        }

        if (!_isPersisting && _decision is { } decision)
        {
            _decision = null;
            Resolve(decision.Command, decision.From);
        }

        while (!_isPersisting && _waiting.Count > 0)
        {
            var (camera, next) = _waiting.First();
            _waiting.Remove(camera);
            Count(next.Batch, next.From);
        }

        if (_isPersisting || _closer is not { } closer) return;
        _closer = null;
        Close(closer.Command, closer.From);
    }

    /// <summary>Why counts wait; null where they do not.</summary>
    private string? Problem() =>
        _isPersisting && DatabaseAvailability.Of(Context.System).Current is { } outage
            ? $"counts wait for the database {outage.Database} since {outage.Since.UtcDateTime:HH:mm:ss}Z: {outage.Reason}"
            : null;

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        // Logged already: in an outage recovery only gave up waiting, and behind a damaged snapshot the next life begins at the one before it.
        if (reason is DamagedSnapshotException) return;
        if (DatabaseAvailability.Of(Context.System).Current is null) base.OnRecoveryFailure(reason, message);
    }
}
