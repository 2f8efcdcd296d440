using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Aggregation;

/// <summary>What was taken of each camera. Answered with <see cref="CountedEpochs"/>.</summary>
public sealed record GetCountedEpochs(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

/// <param name="ClosedThrough">Every bin that ends at or before this is closed; null before the first data.</param>
public sealed record CountedEpochs(SiteId Site, ApproachId Approach, DateTimeOffset? ClosedThrough, ImmutableArray<CountedCamera> Cameras) : IWireMessage;

/// <param name="Watermark">Event time up to which it has reported; null for never.</param>
/// <param name="Plausible">The newest position that nobody need have forged.</param>
/// <param name="Runs">By epoch.</param>
public sealed record CountedCamera(CameraId Camera, DateTimeOffset? Watermark, LogPosition Plausible, ImmutableArray<CountedRun> Runs);

/// <param name="Epoch">For a live camera the second (Unix time) in which it began.</param>
/// <param name="Sequence">High-water mark.</param>
/// <param name="Missing">So many numbers below it were passed over without an entry, in long gaps.</param>
/// <param name="From">Earliest and latest event time, as stamped; null where unknown.</param>
/// <param name="Since">When the first and the last of it came, by the aggregator's clock; null where a version counted it that did not keep that.</param>
public sealed record CountedRun(
    long Epoch, long Sequence, long Missing, long Vehicles, long Entries, DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? Since, DateTimeOffset? Until);

/// <summary>Sets a camera's mark, and removes what lies ahead of the aggregator's clock by more than a clock may. Answered with <see cref="RepairAnswer"/>.</summary>
/// <param name="To">Back, or forward; null for the newest plausible position.</param>
public sealed record RepairCamera(SiteId Site, ApproachId Approach, CameraId Camera, LogPosition? To) : IApproachMessage, IWireMessage;

/// <param name="To">Where the mark is now; null where nothing was done.</param>
/// <param name="Problem">Why not, and what to do; empty for none.</param>
public sealed record RepairAnswer(SiteId Site, ApproachId Approach, LogPosition? To, string Problem) : IWireMessage;

/// <summary>Somebody set a camera's mark.</summary>
/// <param name="To">What was counted after this counts again where it is delivered again.</param>
/// <param name="Ahead">What lay after this, by event time, was removed.</param>
/// <param name="ClosedThrough">Bins that end after this are open again; null where none lay ahead.</param>
public sealed record CameraRepaired(
    CameraId Camera, LogPosition To, DateTimeOffset Ahead, DateTimeOffset? ClosedThrough, DateTimeOffset? RetainFrom, DateTimeOffset At) : ApproachEvent;
