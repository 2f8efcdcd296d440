using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Junctions.Histories;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>Tells why a journey was counted, out of what is known of its vehicle.</summary>
internal static class JourneyExplainer
{
    /// <param name="origin">Event time of second 0.</param>
    /// <param name="now">Seconds.</param>
    public static JourneyEvidence Explain(in FinalJourney final, DateTimeOffset origin, double now)
    {
        var (history, vehicle) = (final.History, final.History.Vehicle);
        return new JourneyEvidence(final.Number, final.Part)
        {
            Tracks = vehicle.Joined(origin),
            Entry = Passed(history, GateRole.Enters, final.Entry, origin),
            Exit = Passed(history, GateRole.Exits, final.Exit, origin),
            ClassVotes = [.. vehicle.ClassVotes.OrderByDescending(v => v.Value).ThenBy(v => v.Key).Select(v => (v.Key, v.Value))],
            Reasons = Reasons(final),
            SecondImages = history.SecondImages,
            BesideShare = history.BesideShare,
            DecidedAt = GateCounter.At(origin, now),
        };
    }

    private static JourneyReasons Reasons(in FinalJourney final)
    {
        var (history, vehicle) = (final.History, final.History.Vehicle);
        var reasons = JourneyReasons.None;
        Say(vehicle.Cameras > 1, JourneyReasons.Joined);
        Say(vehicle.WasHandedOver, JourneyReasons.HandedOver);
        Say(vehicle.Merges > 0, JourneyReasons.Merged);
        Say(vehicle.Splits > 0, JourneyReasons.Split);
        Say(final.Entry is { } entry && history.Passages.ConfirmEntry(entry), JourneyReasons.EntryConfirmed);
        Say(final.Part != JourneyPart.ExitAfter && IsOther(history.Entry, final.Entry), JourneyReasons.EntryRetimed);
        Say(IsOther(history.Exit, final.Exit), JourneyReasons.ExitRetimed);
        Say(final.Entry is null, JourneyReasons.EntryUnknown);
        Say(final.Exit is null, JourneyReasons.ExitUnknown);
        Say(final.Part == JourneyPart.EntryAhead, JourneyReasons.EntryAhead);
        Say(final.Part == JourneyPart.ExitAfter, JourneyReasons.ExitAfter);
        Say(history.SecondImages > 0, JourneyReasons.SecondImages);
        Say(history.BesideShare > 0, JourneyReasons.OtherBeside);
        return reasons;

        void Say(bool isSo, JourneyReasons reason) => reasons |= isSo ? reason : JourneyReasons.None;

        static bool IsOther(GatePassage? seen, GatePassage? told) => seen is { } s && told is { } t && s.Time != t.Time;
    }

    private static GatePassed? Passed(VehicleHistory history, GateRole role, GatePassage? at, DateTimeOffset origin) => at is { Gate: { } gate } passed
        ? new GatePassed(gate.Camera, gate.Gate, passed.Approach, GateCounter.At(origin, passed.Time),
        [
            .. history.Passages.At(role, passed).Select(l => new GateLook(l.Camera, l.Passage.Track, l.Passage.Time, l.Passage.SpeedKmh, l.Passage.SpeedErrorKmh)).Take(8),
        ])
        : null;
}
