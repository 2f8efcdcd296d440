using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>A segment at its node.</summary>
public sealed record PlacedSegment(string Node, ListedSegment Segment)
{
    public bool Plays => Segment.State is SegmentStanding.Whole or SegmentStanding.Cut or SegmentStanding.NotListed;
}

/// <summary>What is recorded of a site's day, by camera: stretches to be drawn, and segments.</summary>
public sealed class DayView
{
    /// <summary>Segments that follow each other so closely are one stretch.</summary>
    private static readonly TimeSpan s_gap = TimeSpan.FromSeconds(5);

    private readonly ILookup<CameraId, PlacedSegment> _byCamera;

    /// <param name="from">Begin of the day by the site's clock.</param>
    /// <param name="cameras">Of the site, in its order; others that have recordings follow.</param>
    public DayView(IEnumerable<PlacedSegment> segments, DateTimeOffset from, DateTimeOffset to, IEnumerable<CameraId> cameras)
    {
        (From, To) = (from, to);
        _byCamera = segments.OrderBy(s => s.Segment.From).ToLookup(s => s.Segment.Camera);
        Cameras = [.. cameras.Concat(_byCamera.Select(g => g.Key).OrderBy(c => c.Value, StringComparer.Ordinal)).Distinct()];
    }

    public DateTimeOffset From { get; }

    public DateTimeOffset To { get; }

    public IReadOnlyList<CameraId> Cameras { get; }

    public bool IsEmpty => _byCamera.Count == 0;

    public IEnumerable<PlacedSegment> Of(CameraId camera) => _byCamera[camera];

    /// <summary>Stretches of one state, within the day.</summary>
    public IEnumerable<(SegmentStanding State, bool IsHeld, DateTimeOffset From, DateTimeOffset To)> Stretches(CameraId camera)
    {
        (SegmentStanding State, bool IsHeld, DateTimeOffset From, DateTimeOffset To)? open = null;
        foreach (var segment in Of(camera).Select(s => s.Segment))
        {
            var (begin, end, isHeld) = (Max(segment.From, From), Min(segment.Until, To), segment.HeldBecause.Length > 0);
            if (begin >= end) continue;
            if (open is { } o && o.State == segment.State && o.IsHeld == isHeld && begin - o.To <= s_gap) open = o with { To = Max(o.To, end) };
            else
            {
                if (open is { } ended) yield return ended;
                open = (segment.State, isHeld, begin, end);
            }
        }

        if (open is { } last) yield return last;
    }

    /// <summary>Of an hour of the day, from 0: which states there are, the worst last.</summary>
    public IReadOnlyList<SegmentStanding> StatesOf(CameraId camera, int hour) => [.. OfHour(camera, hour).Select(s => s.Segment.State).Distinct().Order()];

    public IEnumerable<PlacedSegment> OfHour(CameraId camera, int hour) => Of(camera).Where(s => s.Segment.From < From.AddHours(hour + 1) && s.Segment.Until > From.AddHours(hour));

    /// <summary>The one that shows a time, or the next one behind it within an hour.</summary>
    public PlacedSegment? At(CameraId camera, DateTimeOffset time) =>
        Of(camera).Where(s => s.Plays).FirstOrDefault(s => s.Segment.From <= time && s.Segment.Until > time) ?? Of(camera).Where(s => s.Plays && s.Segment.From > time && s.Segment.From < time.AddHours(1)).MinBy(s => s.Segment.From);

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
