using TrafficFlow.Core.Flow;

namespace TrafficFlow.Wire.Log;

/// <summary>Place in a camera's log. Epochs follow one another; inside one, sequences run 1, 2, 3, ...</summary>
public readonly record struct LogPosition(long Epoch, long Sequence) : IComparable<LogPosition>
{
    public static readonly LogPosition Start = new(0, 0);

    public int CompareTo(LogPosition other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(LogPosition a, LogPosition b) => a.CompareTo(b) < 0;
    public static bool operator >(LogPosition a, LogPosition b) => a.CompareTo(b) > 0;
    public static bool operator <=(LogPosition a, LogPosition b) => a.CompareTo(b) <= 0;
    public static bool operator >=(LogPosition a, LogPosition b) => a.CompareTo(b) >= 0;

    public override string ToString() => $"{Epoch}/{Sequence}";
}

/// <summary>One entry of a camera's log; (camera, epoch, sequence) is its idempotency key.</summary>
public abstract record OutboxEntry(long Sequence);

/// <summary>A vehicle for one approach.</summary>
public sealed record VehicleEntry(long Sequence, CountedVehicle Vehicle) : OutboxEntry(Sequence);

/// <summary>What the camera watched, for every approach that it feeds.</summary>
public sealed record CoverageEntry(long Sequence, Coverage Coverage) : OutboxEntry(Sequence);
