using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Server.Aggregation;

/// <summary>What it tells of itself.</summary>
public sealed partial class ApproachAggregator
{
    protected override ActorState Describe()
    {
        var status = _state.Status(_setup);
        var state = new ActorState(_isPersisting ? "persisting" : "counting")
        {
            { "site", _setup.Site },
            { "approach", _setup.Approach },
            { "bins closed through", status.ClosedThrough },
            { "counted", status.Totals.Sum(t => t.Count) },
            { "too late", status.TooLate },
            { "quarantined", status.Quarantined },
            { "cursor", status.Cursor },
            { "bins not yet in the tables", status.Unwritten },
            { "tables are being written", _isWriting },
            { "batches that wait", _waiting.Count },
            { "open bins changed", _isLiveChanged },
            { "since its snapshot", _eventsSinceSnapshot, "events" },
            { "problem", Problem() },
        };
        foreach (var camera in status.Cameras)
        {
            state.Add($"{camera.Camera}: counted up to", camera.HighWater);
            state.Add($"{camera.Camera}: has reported until", camera.Watermark);
            state.Add($"{camera.Camera}: clock behind by", camera.ClockOffset);
        }

        return state;
    }
}
