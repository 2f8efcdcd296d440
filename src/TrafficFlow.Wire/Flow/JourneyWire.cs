using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Flow;

/// <summary>Journeys over a junction, in whatever message they stand.</summary>
internal static class JourneyWire
{
    /// <summary>Without site and provenance.</summary>
    public static Proto.JourneyEnded Write(Journey j)
    {
        var wire = new Proto.JourneyEnded
        {
            Number = j.Number,
            Class = (int)j.Class,
            ClassConfidence = j.ClassConfidence,
            Colour = (int)j.Colour,
            ColourConfidence = j.ColourConfidence,
            FirstSeenTicks = WireValues.Ticks(j.FirstSeenAt),
            LastSeenTicks = WireValues.Ticks(j.LastSeenAt),
            DistanceMetres = j.DistanceMetres,
            Stops = j.Stops,
            StoppedSeconds = j.StoppedSeconds,
            DelaySeconds = j.DelaySeconds,
            Cameras = j.Cameras,
        };
        if (j.Approach is { } approach) wire.Approach = approach.Value;
        if (j.Exit is { } exit) wire.Exit = exit.Value;
        if (j.EnteredAt is { } entered) wire.EnteredTicks = WireValues.Ticks(entered);
        if (j.LeftAt is { } left) wire.LeftTicks = WireValues.Ticks(left);
        if (j.EnterSpeedKmh is { } enterSpeed) wire.EnterSpeedKmh = enterSpeed;
        if (j.LeaveSpeedKmh is { } leaveSpeed) wire.LeaveSpeedKmh = leaveSpeed;
        if (j.SpeedErrorKmh is { } error) wire.SpeedErrorKmh = error;
        if (j.LateralMetres is { } lateral) wire.LateralMetres = lateral;
        if (j.QueuedAt is { } queued) wire.QueuedTicks = WireValues.Ticks(queued);
        if (j.QueuedMetres is { } back) wire.QueuedMetres = back;
        return wire;
    }

    public static Journey Read(Proto.JourneyEnded w) =>
        new Journey(
            w.Number,
            w.HasApproach ? new ApproachId(w.Approach) : null,
            w.HasExit ? new ApproachId(w.Exit) : null,
            WireValues.Time(w.HasEnteredTicks, w.EnteredTicks),
            WireValues.Time(w.HasLeftTicks, w.LeftTicks),
            WireValues.Enum<VehicleClass>(w.Class),
            Measures.OrNone(w.ClassConfidence))
        {
            Colour = WireValues.Enum<VehicleColour>(w.Colour),
            ColourConfidence = Measures.OrNone(w.ColourConfidence),
            FirstSeenAt = WireValues.Time(w.FirstSeenTicks),
            LastSeenAt = WireValues.Time(w.LastSeenTicks),
            EnterSpeedKmh = Measures.OrUnknown(w.HasEnterSpeedKmh, w.EnterSpeedKmh),
            LeaveSpeedKmh = Measures.OrUnknown(w.HasLeaveSpeedKmh, w.LeaveSpeedKmh),
            SpeedErrorKmh = Measures.OrUnknown(w.HasSpeedErrorKmh, w.SpeedErrorKmh),
            DistanceMetres = Measures.OrNone(w.DistanceMetres),
            Stops = w.Stops,
            StoppedSeconds = Measures.OrNone(w.StoppedSeconds),
            DelaySeconds = Measures.OrNone(w.DelaySeconds),
            Cameras = w.Cameras,
            LateralMetres = Measures.OffsetOrUnknown(w.HasLateralMetres, w.LateralMetres),
            QueuedAt = WireValues.Time(w.HasQueuedTicks, w.QueuedTicks),
            QueuedMetres = Measures.OrUnknown(w.HasQueuedMetres, w.QueuedMetres),
        };
}
