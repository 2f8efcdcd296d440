using System.Globalization;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.Why;

/// <summary>One line of the answer.</summary>
/// <param name="About">Which part of the question it answers.</param>
/// <param name="Value">Text, long or double.</param>
internal sealed record WhyRow(string About, string What, object Value, string Unit = "");

/// <summary>The answer to why something was counted, as a table. A field that is not known says so in words; none is left empty.</summary>
internal static class WhyTable
{
    private const string NotKept = "not known: the version that counted it did not keep it";

    /// <param name="server">What became of it behind the camera.</param>
    public static OperatorReply Of(EvidenceDocument d, IReadOnlyList<WhyRow> server, params IReadOnlyList<string> notes) => new InspectionTables(InspectionTable.Of(
        $"why {d.Id} was counted",
        [new("about"), new("what"), new("value"), new("unit")],
        Rows(d).Concat(server).Select(r => new object?[] { r.About, r.What, r.Value, r.Unit }),
        [.. d.Video is not null && d.Crossing?.Time.Year < 1990 ? ["times are seconds from the recording's first picture: nobody said when it was taken (--start)"] : Array.Empty<string>(), .. notes]));

    public static IEnumerable<WhyRow> Rows(EvidenceDocument d) =>
    [
        .. Counted(d),
        .. Crossing(d.Crossing, d, "crossing"),
        .. Crossing(d.From, d, "first gate"),
        .. Crossing(d.To, d, "last gate"),
        .. Journey(d.Journey, d),
        .. Made(d),
        .. Watched(d),
    ];

    private static IEnumerable<WhyRow> Counted(EvidenceDocument d)
    {
        yield return new("counted", "id", d.Id);
        yield return new("counted", "site", d.Site.Length > 0 ? d.Site : NotKept);
        if (d.Video is { } video) yield return new("counted", "recording", video);
        foreach (var c in d.Counted)
        {
            var what = $"{c.Class}{(string.IsNullOrEmpty(c.Size) ? "" : $" ({c.Size})")}{(c.SpeedKmh is { } kmh ? string.Create(CultureInfo.InvariantCulture, $", {kmh:0.0} km/h") : "")}";
            yield return new("counted", $"{c.Approach}, {c.Movement}", $"{Clock(c.Time, d)}, {what}");
        }

        if (d.Counted.Count == 0) yield return new("counted", "counts", "none: its gate means nothing to an approach, or the site's junction counts instead");
    }

    private static IEnumerable<WhyRow> Crossing(CrossingPart? crossing, EvidenceDocument d, string about)
    {
        if (crossing is not { } c) yield break;
        yield return new(about, "camera", d.Id.Split('/')[0]);
        yield return new(about, "gate", c.Gate);
        yield return new(about, "time", Clock(c.Time, d));
        yield return new(about, "direction", $"{c.Direction}: {(c.Meaning is { } meaning ? $"by the site file, {meaning}" : "the site file gives it no meaning, so it counts as a crossing of the gate alone")}");
        yield return new(about, "track", c.Track);
        yield return new(about, "first seen", Picture(c.First, d));
        yield return new(about, "before the line", Picture(c.Before, d));
        yield return new(about, "behind the line", Picture(c.After, d));
        yield return new(about, "last seen", Picture(c.Last, d));
        yield return new(about, "met the line at", c is { X: { } x, Y: { } y } ? Text($"{x:0.0}, {y:0.0}") : NotKept, c.PictureWidth is { } w ? $"px of {w} x {c.PictureHeight}" : "px");
        yield return new(about, "came from", Distance(c.BeforePixels, c.BeforeSizes), "before the line");
        yield return new(about, "went to", Distance(c.BeyondPixels, c.BeyondSizes), "beyond the line");
        yield return new(about, "seen at the line", Known(c.SeenShare is { } share ? Math.Round(100 * share, 1) : null), "% of pictures");
        yield return new(about, "stream of the gate", c is { StreamForward: { } forward, StreamBackward: { } backward } ? Text($"{forward:0.#} forward, {backward:0.#} backward") : NotKept, "last crossings");
        yield return new("detector", "detections", Known(c.Detections), "pictures");
        yield return new("detector", "mean score", Known(c.MeanScore), c.SureScore is { } sure ? Text($"sure from {sure:0.##}") : "");
        yield return new("detector", "least score", Known(c.LeastScore));
        foreach (var row in Class(c.Class, c.ClassConfidence, c.Votes, c.Looks)) yield return row;
        yield return new("class", "length", c.LengthM is { } metres ? metres : "not measured", c.LengthM is null ? "" : "m");
        yield return new("speed", "at the gate", c.SpeedKmh is { } kmh ? Text($"{kmh:0.0} ± {c.SpeedErrorKmh ?? 0:0.0}") : "not measured: the camera has no ground plane, or the track was too short", c.SpeedKmh is null ? "" : "km/h");
        foreach (var reason in c.Reasons) yield return new("decided", reason, ReasonTexts.OfCrossing(reason, c));
        if (c.Reasons.Count == 0) yield return new("decided", "why", NotKept);
        if (c.OtherTrack is null) yield return new("decided", "NoDuplicate", "no other track crossed with it: nothing could be a second box on the same vehicle");
        yield return new("decided", "at", c.DecidedAt is { } at ? $"{Short(at, d)}, picture {c.DecidedFrame}" : NotKept);
    }

    private static IEnumerable<WhyRow> Class(string? name, double? confidence, IReadOnlyDictionary<string, double>? votes, IReadOnlyDictionary<string, double>? looks)
    {
        yield return new("class", "class", name ?? NotKept);
        yield return new("class", "confidence", confidence is > 0 and { } sure ? sure : "none: nothing named a class", confidence is > 0 ? "of the votes" : "");
        yield return new("class", "votes", votes is null ? NotKept : votes.Count == 0 ? "none: the detector tells no classes apart" : Votes(votes), "sums of scores");
        yield return new("class", "second model", looks is null ? "did not look: there is none, or it had no occasion" : Votes(looks), looks is null ? "" : "sums of weights");
        if (looks is not null) yield return new("class", "why this class", "where the second model had a look its word alone counts, when it is clear");
        else if (votes is { Count: > 0 }) yield return new("class", "why this class", "the most votes of the detector's pictures won");
    }

    private static IEnumerable<WhyRow> Journey(JourneyPart? journey, EvidenceDocument d)
    {
        if (journey is not { } j) yield break;
        yield return new("journey", "way", $"{j.Approach ?? "unknown"} to {j.Exit ?? "unknown"}");
        foreach (var row in Passed("entered", j.Entry, d)) yield return row;
        foreach (var row in Passed("left", j.Left, d)) yield return row;
        yield return new("journey", "seen", j is { FirstSeen: { } first, LastSeen: { } last } ? $"{Clock(first, d)} to {Short(last, d)}" : NotKept);
        yield return new("journey", "way on the ground", Known(j.DistanceM), "m");
        foreach (var t in j.Tracks)
        {
            var match = t.MatchScore is { } score ? Text($"matched {score:0.00}") : "began the vehicle";
            yield return new("track", $"{t.Camera}, {t.Track}", $"pictures {t.FirstFrame} to {t.LastFrame}, {Short(t.From, d)} to {Short(t.To, d)}, {match}");
            yield return new("detector", $"{t.Camera}, {t.Track}", Text($"{t.Detections} detections, mean score {t.MeanScore:0.00}, least {t.LeastScore:0.00}"));
            yield return new("class", $"{t.Camera}, {t.Track}", Text($"{t.Class} {t.ClassConfidence:0.00}; votes {(t.Votes is { Count: > 0 } v ? Votes(v) : "none")}; second model {(t.Looks is { } l ? Votes(l) : "did not look")}"));
        }

        if (j.Tracks.Count == 0) yield return new("track", "tracks", NotKept);
        foreach (var row in Class(j.Class, j.ClassConfidence, j.Votes, null)) yield return row with { What = row.What == "votes" ? "cameras' votes" : row.What, Unit = row.What == "votes" ? "weighted s" : row.Unit, Value = row.What is "second model" ? "see each camera's track" : row.What is "why this class" ? "the cameras' votes, by how near, how long and how sure" : row.Value };
        foreach (var reason in j.Reasons) yield return new("decided", reason, ReasonTexts.OfJourney(reason, j));
        if (j.BesideShare is 0) yield return new("decided", "NoDuplicate", "no other vehicle was beside it: nothing could be a second image of it");
        yield return new("decided", "at", j.DecidedAt is { } at ? Short(at, d) : NotKept);
    }

    private static IEnumerable<WhyRow> Passed(string what, GatePassedPart? passed, EvidenceDocument d)
    {
        if (passed is not { } p)
        {
            yield return new("gate", what, "not seen by any camera");
            yield break;
        }

        yield return new("gate", what, $"{p.Approach} at {Clock(p.Time, d)}, gate {p.Gate} of {p.Camera} on the ground");
        foreach (var look in p.Looks)
            yield return new("gate", $"{what}, seen by {look.Camera}", Text($"{Short(look.Time, d)}, track {look.Track}, {look.SpeedKmh:0.0} ± {look.SpeedErrorKmh:0.0}"), "km/h");
    }

    private static IEnumerable<WhyRow> Made(EvidenceDocument d)
    {
        yield return new("made by", "model", d.MadeBy?.Model ?? NotKept);
        yield return new("made by", "model version", d.MadeBy?.ModelVersion ?? NotKept);
        yield return new("made by", "calibration", d.MadeBy?.Calibration is { } calibration ? calibration == Core.Flow.Provenance.NoCalibration ? "none: the camera is not calibrated" : calibration : NotKept);
        yield return new("made by", "site hash", d.MadeBy?.SiteHash ?? NotKept);
    }

    private static IEnumerable<WhyRow> Watched(EvidenceDocument d)
    {
        if (d.Watched is not { } w)
        {
            yield return new("watched", "camera", "not known yet: coverage follows some seconds after a count, or was lost when the node ended");
            yield break;
        }

        yield return new("watched", "interval", $"{Clock(w.From, d)} to {Short(w.To, d)}");
        yield return new("watched", "state", w.State == "degraded" ? "degraded: frames were lost, pictures damaged, or the scene was not as calibrated; its bin is degraded too" : w.State);
        if (w.Processed is { } processed) yield return new("watched", d.Journey is null ? "pictures" : "observations", Text($"{processed} processed, {w.Dropped ?? 0} dropped"));
    }

    public static string Clock(DateTimeOffset time, EvidenceDocument d)
    {
        if (d.Video is not null && time.Year < 1990) return Text($"{(time - Core.Recordings.Recording.UndatedStart).TotalSeconds:0.000} s");
        var zone = d.Zone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
        return TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);
    }

    /// <summary>Without the day and the offset, where they are those of what was counted.</summary>
    private static string Short(DateTimeOffset time, EvidenceDocument d)
    {
        var whole = Clock(time, d);
        var main = d.Counted.Count > 0 ? d.Counted[0].Time : d.Crossing?.Time ?? d.Journey?.FirstSeen ?? time;
        var day = Clock(main, d);
        return whole.Length == day.Length && whole.Length > 20 && whole[..10] == day[..10] && whole[^6..] == day[^6..] ? whole[11..^7] : whole;
    }

    private static string Picture(PicturePart? p, EvidenceDocument d) => p is null ? NotKept
        : Text($"picture {p.Frame} at {Short(p.Time, d)}, box {p.X:0},{p.Y:0} {p.Width:0}x{p.Height:0}, score {p.Score:0.00}");

    private static string Distance(double? pixels, double? sizes) => pixels is { } p && sizes is { } s ? Text($"{p:0.0} pixels, {s:0.00} box sizes") : NotKept;

    private static object Known(double? value) => value is { } v ? v : NotKept;

    private static object Known(int? value) => value is { } v ? (long)v : NotKept;

    private static string Votes(IReadOnlyDictionary<string, double> votes) =>
        votes.Count == 0 ? "none" : string.Join(", ", votes.Where(v => v.Value >= 0.005).OrderByDescending(v => v.Value).Select(v => Text($"{v.Key} {v.Value:0.##}")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
