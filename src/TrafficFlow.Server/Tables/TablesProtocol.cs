using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Tables;

// Between the aggregators and the table writer of one process: nothing here has a wire form.

/// <summary>
/// Closed bins of one approach in the order of their cursors. Answered with <see cref="BinsWritten"/>, however long it takes; the same
/// approach's next command replaces one that is not written yet.
/// </summary>
public sealed record WriteBins(SiteId Site, ApproachId Approach, ImmutableArray<ClosedBin> Bins);

/// <summary>All bins up to this cursor survive a crash.</summary>
public sealed record BinsWritten(long UpTo);
