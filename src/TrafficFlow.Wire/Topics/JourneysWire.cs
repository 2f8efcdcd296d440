using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>Journeys over a junction.</summary>
internal static class JourneysWire
{
    public static Proto.JourneyEnded Write(JourneyEnded ended)
    {
        var j = ended.Journey;
        var wire = new Proto.JourneyEnded
        {
            Site = ended.Site.Value,
            Provenance = FlowWire.Write(ended.Provenance),
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
        return wire;
    }

    public static JourneyEnded Read(Proto.JourneyEnded w) => new(
        new SiteId(w.Site),
        new Journey(
            w.Number,
            w.HasApproach ? new ApproachId(w.Approach) : null,
            w.HasExit ? new ApproachId(w.Exit) : null,
            WireValues.Time(w.HasEnteredTicks, w.EnteredTicks),
            WireValues.Time(w.HasLeftTicks, w.LeftTicks),
            WireValues.Enum<VehicleClass>(w.Class),
            w.ClassConfidence)
        {
            Colour = WireValues.Enum<VehicleColour>(w.Colour),
            ColourConfidence = w.ColourConfidence,
            FirstSeenAt = WireValues.Time(w.FirstSeenTicks),
            LastSeenAt = WireValues.Time(w.LastSeenTicks),
            EnterSpeedKmh = w.HasEnterSpeedKmh ? w.EnterSpeedKmh : null,
            LeaveSpeedKmh = w.HasLeaveSpeedKmh ? w.LeaveSpeedKmh : null,
            SpeedErrorKmh = w.HasSpeedErrorKmh ? w.SpeedErrorKmh : null,
            DistanceMetres = w.DistanceMetres,
            Stops = w.Stops,
            StoppedSeconds = w.StoppedSeconds,
            DelaySeconds = w.DelaySeconds,
            Cameras = w.Cameras,
        },
        FlowWire.Read(w.Provenance));
}
