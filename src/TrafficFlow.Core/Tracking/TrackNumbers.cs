namespace TrafficFlow.Core.Tracking;

/// <summary>Numbers the tracks of one camera, from 1.</summary>
internal sealed class TrackNumbers
{
    private long _last;

    public long Next() => ++_last;
}
