using TrafficFlow.Core.Custody;

namespace TrafficFlow.Server.Queries;

/// <summary>What of a site is not there any more because it had reached its age or its last day: it is missing, which is no zero.</summary>
/// <param name="Before">Event time: all of this kind that was born before.</param>
/// <param name="At">When it was removed.</param>
public sealed record RemovedSpan(KeptKind Kind, DateTimeOffset Before, DateTimeOffset At, long Rows, string Reason)
{
    /// <summary>The removal that what was born at <paramref name="eventTime"/> went with, or would have; null where it was none.</summary>
    public static RemovedSpan? Of(IEnumerable<RemovedSpan> removed, KeptKind kind, DateTimeOffset eventTime) =>
        removed.Where(r => r.Kind == kind && eventTime < r.Before).MinBy(r => r.At);
}
