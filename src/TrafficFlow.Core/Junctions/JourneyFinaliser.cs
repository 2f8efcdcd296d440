using TrafficFlow.Core.Junctions.Histories;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>A journey, or a part of one, that no longer changes.</summary>
internal readonly record struct FinalJourney(VehicleHistory History, GatePassage? Entry, GatePassage? Exit, long Number, JourneyPart Part);

/// <summary>Decides when the journey of a vehicle is final, and whether it is one.</summary>
internal sealed class JourneyFinaliser(VehicleHistories histories, FusionSettings settings)
{
    // An exit is final so long after it was passed: what the vehicle does farther off is no business of the junction.
    private const double SettledAfterExitSeconds = 6;

    // A vehicle that has entered by now has been looked back at.
    private const double DoubtedAfterSeconds = 10;

    private readonly DuplicateFinder _duplicates = new(histories, settings);
    private long _next = 1;

    /// <summary>The vehicle is still followed.</summary>
    /// <param name="watermark">Seconds: nothing before it may be emitted.</param>
    public FinalJourney? Consider(VehicleHistory history, double now, double watermark)
    {
        if (histories.CamerasLookBack && history is { IsFinal: false, Exit: null, Entry: { } seen } && now - seen.Time > DoubtedAfterSeconds) history.DoubtEntry();
        if (!history.IsFinal && history.Exit is not null && now - history.FirstExitAt > SettledAfterExitSeconds) return Finalise(history, watermark);
        return history is { IsFinal: false, EntryEmittedAs: null, IsEntryDoubtful: false, Exit: null, Entry: { } entry } && now - entry.Time > settings.LongestJourneySeconds
            ? FinaliseEntry(history, entry, watermark)
            : null;
    }

    /// <summary>The vehicle is not followed any more, or has left the junction for good.</summary>
    public FinalJourney? Finalise(VehicleHistory history, double watermark)
    {
        history.IsFinal = true;
        var passages = history.Passages;
        if (history.EntryEmittedAs is { } number)
        {
            var left = passages.Timed(GateRole.Exits, history.Exit, Math.Max(watermark, history.Entry!.Value.Time));
            return new FinalJourney(history, history.Entry, left, number, JourneyPart.ExitAfter);
        }

        if (!IsJourney(history) || _duplicates.IsDuplicate(history)) return null;
        var entry = passages.Timed(GateRole.Enters, history.Entry, watermark);
        var exit = passages.Timed(GateRole.Exits, history.Exit, Math.Max(watermark, entry?.Time ?? 0));
        return new FinalJourney(history, entry, exit, _next++, JourneyPart.All);
    }

    /// <summary>It has been on the junction for so long that its bin is not to wait for its exit.</summary>
    private FinalJourney? FinaliseEntry(VehicleHistory history, GatePassage entry, double watermark)
    {
        if (!IsJourney(history))
        {
            history.DropEntry();
            return null;
        }

        if (_duplicates.IsDuplicate(history))
        {
            history.IsFinal = true;
            return null;
        }

        var passed = history.Passages.Timed(GateRole.Enters, entry, watermark)!.Value;
        var number = _next++;
        history.EntryEmitted(passed, number);
        return new FinalJourney(history, passed, null, number, JourneyPart.EntryAhead);
    }

    private bool IsJourney(VehicleHistory history) =>
        history.Vehicle.IsVehicle
        && (history.Entry is not null || history.Exit is not null)
        && (history.IsWhole ? history.MetresSeen : history.Way.Metres) >= settings.LeastWayMetres;
}
