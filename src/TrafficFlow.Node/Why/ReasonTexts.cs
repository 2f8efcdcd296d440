using System.Globalization;

namespace TrafficFlow.Node.Why;

/// <summary>A plain sentence for each decision.</summary>
internal static class ReasonTexts
{
    public static string OfCrossing(string reason, CrossingPart c) => reason switch
    {
        "WayJudged" => "its way from clearly before to clearly beyond the line was judged: it drove; the box did not leap, was not only revealed, and did not jitter",
        "PointAlone" => "this detector reports moving blobs, whose way tells nothing: the ground point alone decided",
        "WasAstride" => "it was first seen standing on the line, and crossed when it went",
        "EndedBeyond" => "its track ended a little beyond the line, farther than a box jitters: it has crossed",
        "HiddenAtLine" => "it was not detected in some pictures while it passed the line, and found again beyond it: the time lies between the pictures",
        "AgainstStream" => "hardly anybody crosses this gate in this direction; it was seen plainly before the line and beyond it, so it counts",
        "TouchedBefore" => "its track had touched the line in this direction before; only one crossing counts",
        "OtherBeside" => $"track {c.OtherTrack} crossed with it, but their boxes have only {Share(c.OtherShare)} in common: two vehicles",
        "SecondBox" => $"track {c.OtherTrack} was a second box on this vehicle ({Share(c.OtherShare)} in common), and is not counted: this one was seen better",
        "OtherKindBeside" => $"track {c.OtherTrack} crossed in the same place, but one of the two is a motorcycle: two vehicles",
        "FollowedAsRider" => "it was followed as somebody on two wheels, and counted once the second model had said motorcycle",
        "LengthDecided" => "the measured length decided between light and heavy goods",
        "Late" => "it was given out late: it stood across the line or was hidden, longer than the watermark waits; a closed bin is revised for it",
        "TrackOver" => "its track had ended when it was decided",
        _ => $"{reason}: of a newer version",
    };

    public static string OfJourney(string reason, JourneyPart j) => reason switch
    {
        "Joined" => $"joined from tracks of {string.Join(", ", j.Tracks.Select(t => t.Camera).Distinct())}: by place, way and velocity on the ground",
        "HandedOver" => "a track ended, and another one went on with it: hidden and found again",
        "Merged" => "two vehicles that no camera saw apart kept together: they were one",
        "Split" => "a track that contradicted the others was taken off, and is another vehicle's",
        "EntryConfirmed" => "a camera that looked back saw it pass the entering gate at this time",
        "EntryRetimed" => "the cameras that looked back were far surer of another time of entering, which counts",
        "ExitRetimed" => "the cameras that looked back were far surer of another time of leaving, which counts",
        "EntryUnknown" => "no camera saw it enter: it counts at its exit only",
        "ExitUnknown" => "no camera saw it leave: its movement is counted as to unknown",
        "EntryAhead" => "it was on the junction for so long that its entry was counted ahead, so that no bin waits for it; its exit counts as unknown",
        "ExitAfter" => "its entry had been counted ahead, long before; now its exit counts",
        "SecondImages" => $"{j.SecondImages} second images of it were found beside it, and are not counted",
        "OtherBeside" => $"another vehicle was beside it for {Share(j.BesideShare)} of its way, less than half: two vehicles",
        _ => $"{reason}: of a newer version",
    };

    private static string Share(double? share) => share is { } s ? (100 * s).ToString("0", CultureInfo.InvariantCulture) + " %" : "an unknown share";
}
