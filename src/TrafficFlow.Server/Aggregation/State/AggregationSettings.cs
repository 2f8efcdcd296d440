namespace TrafficFlow.Server.Aggregation.State;

/// <summary>How an approach's bins close and how long they can still be revised.</summary>
public sealed record AggregationSettings
{
    /// <summary>How long a bin waits for cameras that have not reported its end; then it closes as it is.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long minute cells are kept in memory, in event time: later entries are counted as too late.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Entries whose clock lies further off than this are not counted: they wait in quarantine. It bounds how wrong a stamp of a counted
    /// vehicle can be.
    /// </summary>
    public TimeSpan ClockBound { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most entries of an approach that wait in quarantine; beyond it batches are not accepted, and wait in their outbox.</summary>
    public int MaxQuarantined { get; init; } = 200_000;

    /// <summary>How often the lateness is looked at.</summary>
    public TimeSpan LatenessCheck { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Least time between two publications of open bins; the first change after a pause is published at once.</summary>
    public TimeSpan LiveInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Without an answer of the read tables for so long, closed bins are handed to them again.</summary>
    public TimeSpan WriteRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Events between two snapshots.</summary>
    public int SnapshotEvery { get; init; } = 500;

    /// <summary>Snapshots that are kept: the newest may turn out damaged.</summary>
    public int SnapshotsKept { get; init; } = 3;

    /// <summary>After so long no event of single vehicles is left in the journal, however few come: its rows are those of the newest snapshots and after.</summary>
    public TimeSpan KeepVehicles { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The shortest age that the site files in force let journeys reach; null where none limits it. Asked at each look, so that a file that was read again holds at once.</summary>
    public Func<TimeSpan?> JourneysKept { get; init; } = () => null;

    /// <summary>The shorter of the two, now.</summary>
    public TimeSpan KeepVehiclesNow => JourneysKept() is { } age && age < KeepVehicles ? age : KeepVehicles;

    /// <summary>Events that stay in the journal before the oldest snapshot; those before them are deleted.</summary>
    public long TrimMargin { get; init; } = 1000;
}
