using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>
/// What a journey means for the approaches of its site. Entering and movement are counted at the same instant, that of entering: so the
/// movements of an approach add up to its total in every bin, those that were lost included.
/// </summary>
public static class JourneyMapper
{
    /// <summary>Where a vehicle went that no camera saw leave.</summary>
    public static readonly ApproachId UnknownExit = new("unknown");

    public static IEnumerable<CountedVehicle> Count(CameraId junction, Journey journey)
    {
        if (journey is { Approach: { } approach, EnteredAt: { } enteredAt, Part: not JourneyPart.ExitAfter })
        {
            yield return Vehicle(approach, Movement.Entering, enteredAt, journey.EnterSpeedKmh);
            yield return Vehicle(approach, Movement.To(journey.Exit ?? UnknownExit), enteredAt, journey.EnterSpeedKmh);
        }

        if (journey is { Exit: { } exit, LeftAt: { } leftAt }) yield return Vehicle(exit, Movement.Exiting, leftAt, journey.LeaveSpeedKmh);

        CountedVehicle Vehicle(ApproachId at, Movement movement, DateTimeOffset time, double? speedKmh) =>
            new(junction, at, movement, time, journey.Class, journey.Size, speedKmh);
    }
}
