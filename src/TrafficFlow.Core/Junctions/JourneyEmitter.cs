using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Junctions.Histories;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>Makes the record of a journey out of what is known of its vehicle.</summary>
internal static class JourneyEmitter
{
    /// <param name="origin">Event time of second 0.</param>
    public static Journey Emit(in FinalJourney final, DateTimeOffset origin, FusionSettings settings)
    {
        var (history, entry, exit) = (final.History, final.Entry, final.Exit);
        var vehicle = history.Vehicle;
        history.IsEmitted = final.Part != JourneyPart.EntryAhead;
        var (vehicleClass, classShare) = vehicle.Class;
        var (colour, colourShare) = vehicle.Colour;
        var seconds = Math.Max(0, (exit?.Time ?? vehicle.SeenAt) - history.FirstSeen);
        var (enters, leaves) = (history.Passages.Speed(GateRole.Enters, entry), history.Passages.Speed(GateRole.Exits, exit));
        return new Journey(final.Number, entry?.Approach, exit?.Approach, Time(entry), Time(exit), vehicleClass, classShare)
        {
            Colour = colour,
            ColourConfidence = colourShare,
            FirstSeenAt = GateCounter.At(origin, history.FirstSeen),
            LastSeenAt = GateCounter.At(origin, vehicle.SeenAt),
            EnterSpeedKmh = enters?.Kmh,
            LeaveSpeedKmh = leaves?.Kmh,
            SpeedErrorKmh = enters is { } e && leaves is { } l ? Math.Max(e.ErrorKmh, l.ErrorKmh) : (enters ?? leaves)?.ErrorKmh,
            DistanceMetres = history.Way.Metres,
            Stops = history.Way.Stops,
            StoppedSeconds = history.Way.StoppedSeconds,
            DelaySeconds = Math.Max(0, seconds - (history.Way.Metres / (settings.FreeFlowKmh / 3.6))),
            Cameras = vehicle.Cameras,
            Part = final.Part,
        };

        DateTimeOffset? Time(GatePassage? passed) => passed is { } p ? GateCounter.At(origin, p.Time) : null;
    }
}
