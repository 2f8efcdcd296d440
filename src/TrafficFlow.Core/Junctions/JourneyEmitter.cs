using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Junctions.Histories;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>Makes the record of a journey out of what is known of its vehicle.</summary>
internal sealed class JourneyEmitter(IEnumerable<GroundGate> gates, FusionSettings settings)
{
    // Some places, so that the noise of one does not tell the lane; nobody is in another lane so soon.
    private const double BesideSeconds = 0.5;

    private readonly Dictionary<ApproachId, GateLine> _references = gates.Where(g => g.Role == GateRole.Enters).GroupBy(g => g.Approach).ToDictionary(g => g.Key, g => g.First().Line);

    /// <param name="origin">Event time of second 0.</param>
    public Journey Emit(in FinalJourney final, DateTimeOffset origin)
    {
        var (history, entry, exit) = (final.History, final.Entry, final.Exit);
        var vehicle = history.Vehicle;
        history.IsEmitted = final.Part != JourneyPart.EntryAhead;
        var (vehicleClass, classShare) = vehicle.Class;
        var (colour, colourShare) = vehicle.Colour;
        var seconds = Math.Max(0, (exit?.Time ?? vehicle.SeenAt) - history.FirstSeen);
        var (enters, leaves) = (history.Passages.Speed(GateRole.Enters, entry), history.Passages.Speed(GateRole.Exits, exit));
        var joining = entry is { } entered && history.Joining is { } joined && joined.Approach == entered.Approach ? history.Joining : null;
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
            LateralMetres = Lateral(history, entry),
            QueuedAt = joining is { } at ? GateCounter.At(origin, at.Time) : null,
            QueuedMetres = joining?.Metres + (vehicle.LengthMetres / 2),
            Cameras = vehicle.Cameras,
            Part = final.Part,
        };

        DateTimeOffset? Time(GatePassage? passed) => passed is { } p ? GateCounter.At(origin, p.Time) : null;
    }

    /// <summary>Along the approach's first entering gate, whichever of them was passed: so that all its vehicles are measured against the same.</summary>
    private double? Lateral(VehicleHistory history, GatePassage? entry)
    {
        if (entry is not { } passed || !_references.TryGetValue(passed.Approach, out var line)) return null;
        var (sum, places) = (0.0, 0);
        foreach (var place in history.Trace.Around(passed.Time, BesideSeconds)) (sum, places) = (sum + line.Along(place.X, place.Y), places + 1);
        // Forward lies to the left of a line on the ground, so its end is on the right of who drives over it.
        return places == 0 ? null : (sum / places) - (line.Length / 2);
    }
}
