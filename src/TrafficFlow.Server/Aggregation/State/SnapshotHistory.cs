using System.Collections.Immutable;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>
/// The newest snapshots of an approach, by the sequence number of the last event in each, oldest first. Pure. The journal is kept behind the
/// oldest of them, so that the newest may turn out damaged and recovery begins at one before it.
/// </summary>
internal sealed record SnapshotHistory(ImmutableArray<long> Kept)
{
    public static readonly SnapshotHistory Empty = new([]);

    /// <summary>Snapshots up to here are needed no more; 0 for none.</summary>
    public long DeletableUpTo => Kept.IsEmpty ? 0 : Kept[0] - 1;

    /// <param name="keep">So many at most, this one included.</param>
    public SnapshotHistory Add(long sequence, int keep) => new([.. Kept.Where(k => k < sequence).TakeLast(keep - 1), sequence]);

    /// <summary>Events up to here are needed no more; 0 for none. Nothing is given up before there are as many snapshots as wanted.</summary>
    /// <param name="margin">So many events stay before the oldest snapshot.</param>
    public long JournalEndsAt(int keep, long margin) => Kept.Length < keep ? 0 : Math.Max(0, Kept[0] - margin);
}
