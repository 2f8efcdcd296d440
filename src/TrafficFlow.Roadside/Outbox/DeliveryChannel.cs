using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>Delivery to one approach: one batch in flight, sent again until it is accepted.</summary>
internal sealed class DeliveryChannel(ApproachId approach, OutboxSettings settings)
{
    private readonly BackOff _retry = new(new BackOffSettings(settings.RetryMin, settings.RetryMax, 0.2, TimeSpan.MaxValue), Random.Shared);

    public ApproachId Approach { get; } = approach;
    public string TimerKey { get; } = $"retry-{approach}";
    public LogPosition? InFlight { get; private set; }
    public int InFlightEntries { get; private set; }
    public int Sendings { get; private set; }

    public void Sent(LogPosition upTo, int entries)
    {
        InFlight = upTo;
        InFlightEntries = entries;
        Sendings++;
    }

    public void Cleared() => InFlight = null;

    public void Acknowledged()
    {
        InFlight = null;
        Sendings = 0;
        _retry.Reset();
    }

    public TimeSpan NextRetry() => _retry.Next(TimeSpan.Zero);
}
