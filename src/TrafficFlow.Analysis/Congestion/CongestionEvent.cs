using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Congestion;

/// <summary>A stretch of time in which an approach was congested, from its start over its growth to its end.</summary>
/// <param name="Profile">By whose limits.</param>
/// <param name="Span">From the begin of its first to the end of its last congested interval.</param>
/// <param name="IsBeginSeen">False where the time before was not watched: it may have begun earlier.</param>
/// <param name="IsEndSeen">False where it goes on at the end of what is known, or the time after was not watched.</param>
/// <param name="LowestKmh">Lowest mean speed of an interval over the section, the upper end where a queue reached beyond sight; zero where it stood still.</param>
/// <param name="LongestAt">When the longest queue stood; null where no queue was measured.</param>
/// <param name="LongestMetres">Back of the longest queue.</param>
/// <param name="IsBeyondSight">The longest queue reached beyond what cameras see: it was this long or longer.</param>
/// <param name="GrowthMetresPerMinute">From the begin to the longest queue; null where it was longest at once, or not measured.</param>
/// <param name="VehicleHoursLost">Time of vehicles in the queue, as far as it was seen; where no queue was measured, delay of the journeys that ended within it.</param>
/// <param name="Observed">How much of it was watched.</param>
public sealed record CongestionEvent(
    ApproachId Approach,
    string Profile,
    Interval Span,
    bool IsBeginSeen,
    bool IsEndSeen,
    double LowestKmh,
    DateTimeOffset? LongestAt,
    double LongestMetres,
    bool IsBeyondSight,
    double? GrowthMetresPerMinute,
    double VehicleHoursLost,
    TimeSpan Observed)
{
    /// <summary>Expanded from the time that was watched to all of it.</summary>
    public double ExpandedVehicleHours => Observed > TimeSpan.Zero ? VehicleHoursLost * Math.Max(1, Span.Length / Observed) : VehicleHoursLost;
}
