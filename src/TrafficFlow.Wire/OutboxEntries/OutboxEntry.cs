using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.OutboxEntries;

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

/// <summary>A vehicle's way over a junction, whose log this is; for <see cref="ApproachId.Journeys"/>.</summary>
public sealed record JourneyEntry(long Sequence, CameraId Camera, Journey Journey) : OutboxEntry(Sequence);

/// <summary>
/// An entry of a kind that only a newer version knows. An outbox passes it on as it is to the consumer whom it names; a receiver leaves it
/// unacknowledged.
/// </summary>
/// <param name="For">Empty where it names nobody.</param>
/// <param name="Content">As it was written.</param>
public sealed record UnknownEntry(long Sequence, CameraId Camera, ApproachId For, ImmutableArray<byte> Content) : OutboxEntry(Sequence)
{
    public bool Equals(UnknownEntry? other) => other is not null && Sequence == other.Sequence && Content.AsSpan().SequenceEqual(other.Content.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Sequence, Content.Length);
}

/// <summary>What the camera watched, for every approach that it feeds.</summary>
public sealed record CoverageEntry(long Sequence, Coverage Coverage) : OutboxEntry(Sequence);
