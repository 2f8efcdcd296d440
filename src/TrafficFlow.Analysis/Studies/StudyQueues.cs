using System.Collections.Immutable;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>The queues of all lanes of a junction.</summary>
public static class StudyQueues
{
    /// <summary>Of an estimate that may be anything within more than this no place is told but the least that it is.</summary>
    private const double WidestMetres = 100;

    /// <summary>In order of approach, lane and time; see <see cref="LaneQueues.Of"/>.</summary>
    /// <param name="signals">The controller's, or inferred.</param>
    public static ImmutableArray<LaneCycleQueue> Find(JunctionRecord record, ISignalPhases signals, CancellationToken cancellation) =>
        Find(record, signals, cancellation, drivesOnLeft: true);

    /// <param name="drivesOnLeft">As in Japan: the kerb is on the left.</param>
    public static ImmutableArray<LaneCycleQueue> Find(JunctionRecord record, ISignalPhases signals, CancellationToken cancellation, bool drivesOnLeft) =>
        [.. record.Approaches.SelectMany(a => LaneQueues.Of(a.Approach, record.Span, record.Journeys, a.Watched, a.SeenMetres, signals, cancellation, drivesOnLeft)).Select(Surely)];

    internal static LaneCycleQueue Surely(LaneCycleQueue queue) =>
        queue is { IsBeyondSight: true, BackMetres: { } back } && back.High - back.Low > WidestMetres ? queue with { BackMetres = back with { Value = back.Low } } : queue;
}
