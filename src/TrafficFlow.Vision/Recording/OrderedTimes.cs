using TrafficFlow.Core.Segments;

namespace TrafficFlow.Vision.Recording;

/// <summary>The order in force, asked for each frame: what its plan says is reckoned anew only where it changes. Not thread-safe.</summary>
internal sealed class OrderedTimes(RecordingOrder order)
{
    private RecordingVerdict? _verdict;
    private DateTimeOffset _from;

    public RecordingOrder Order { get; private set; } = order;

    public void Use(RecordingOrder next) => (Order, _verdict) = (next, null);

    /// <summary>A frame of this time is to be recorded.</summary>
    public bool Contain(DateTimeOffset time)
    {
        if (_verdict is not { } known || time < _from || time >= known.Until) (_verdict, _from) = (known = Order.Settings.Plan.At(time), time);
        return known.Records;
    }
}
