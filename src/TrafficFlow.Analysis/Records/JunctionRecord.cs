using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Records;

/// <summary>What was measured of a junction over a span of time: all that a study of it reads. It holds vehicles, but nothing that identifies one.</summary>
/// <param name="SiteName">As people call it.</param>
/// <param name="TimeZone">Of the site: days and times of day are its own.</param>
/// <param name="Approaches">Each arm of the site, measured or not, in the order of the site file.</param>
/// <param name="Cameras">Each camera of the site.</param>
/// <param name="Journeys">That ended within the span, in that order, each once.</param>
public sealed record JunctionRecord(
    SiteId Site,
    string SiteName,
    TimeZoneInfo TimeZone,
    Interval Span,
    ImmutableArray<ApproachRecord> Approaches,
    ImmutableArray<CameraRecord> Cameras,
    ImmutableArray<Journey> Journeys)
{
    /// <summary>What the controller noted, on the cameras' clock; null where nobody gave its log.</summary>
    public ISignalPhases? Controller { get; init; }

    /// <summary>Configurations, detectors and calibrations that it was measured with.</summary>
    public ImmutableArray<Provenance> Provenance { get; init; } = [];

    /// <summary>When every approach was watched.</summary>
    public IntervalSet Watched => Approaches.Select(a => a.Watched).Aggregate((IntervalSet?)null, (all, next) => all?.Intersect(next) ?? next) ?? IntervalSet.Empty;

    public ApproachRecord? Find(ApproachId approach) => Approaches.FirstOrDefault(a => a.Approach == approach);
}

/// <summary>What was measured of one arm.</summary>
/// <param name="Watched">When every camera that sees vehicles enter from it watched, well enough to be believed.</param>
/// <param name="Queues">In order of time, at most one for each minute; none where nothing measured them.</param>
/// <param name="SeenMetres">How far back from the entering gate the cameras see; null where that is not known.</param>
public sealed record ApproachRecord(ApproachId Approach, string Name, IntervalSet Watched, ImmutableArray<QueueReading> Queues, double? SeenMetres)
{
    /// <summary>Direction in which vehicles drive on it towards the junction, degrees from north clockwise; null where nobody knows, and then turns cannot be told from each other.</summary>
    public double? HeadingDegrees { get; init; }
}

/// <summary>When one camera watched, and when its picture could not be trusted.</summary>
/// <param name="Watched">Frames came and were looked at.</param>
/// <param name="Degraded">Of this, when it had moved, was blinded, or too many frames were lost.</param>
/// <param name="Feeds">Approaches that it sees vehicles enter from.</param>
public sealed record CameraRecord(CameraId Camera, IntervalSet Watched, IntervalSet Degraded, ImmutableArray<ApproachId> Feeds);
