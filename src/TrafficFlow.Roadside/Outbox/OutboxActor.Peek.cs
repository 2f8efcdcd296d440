namespace TrafficFlow.Roadside.Outbox;

/// <summary>Shows what waits; changes nothing.</summary>
public sealed partial class OutboxActor
{
    private OutboxContents Contents(PeekOutbox peek) => new(
        _camera, _state.Pending, _state.DroppedTotal, _state.Peek(peek.Count),
        [
            .. _state.Approaches.OrderBy(a => a.Value, StringComparer.Ordinal).Select(a =>
            {
                var channel = _channels.GetValueOrDefault(a);
                return new OutboxLane(a, _state.PositionOf(a), _state.PendingFor(a), channel?.InFlight, channel?.Sendings ?? 0);
            }),
        ]);
}
