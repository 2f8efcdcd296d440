using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Web.Live;

/// <summary>One moment of a site. Immutable.</summary>
public sealed record SiteNow(ImmutableDictionary<ApproachId, ApproachNow> Approaches, ImmutableDictionary<CameraId, CameraStatus> Cameras)
{
    public static readonly SiteNow Empty = new(ImmutableDictionary<ApproachId, ApproachNow>.Empty, ImmutableDictionary<CameraId, CameraStatus>.Empty);

    public SiteNow With(ApproachId approach, Func<ApproachNow, ApproachNow> change) =>
        this with { Approaches = Approaches.SetItem(approach, change(Approaches.GetValueOrDefault(approach) ?? ApproachNow.Empty)) };

    /// <summary>Up to where anything is known of any approach; null before the first bin.</summary>
    public DateTimeOffset? Through => Approaches.Values.Select(a => a.Through).Where(t => t is not null).DefaultIfEmpty(null).Max();

    /// <summary>The flows of the latest <paramref name="length"/>.</summary>
    /// <param name="movements">Of an approach, to be shown.</param>
    /// <returns>Null before the first bin.</returns>
    public (Interval Span, IReadOnlyList<ApproachFlow> Flows)? Latest(TimeSpan length, IEnumerable<ApproachId> approaches, Func<ApproachId, IReadOnlyList<Movement>> movements)
    {
        if (Through is not { } through) return null;
        var begin = through - length;
        var whole = new DateTimeOffset(begin.Ticks - (begin.Ticks % TimeSpan.TicksPerMinute), begin.Offset);
        // Of a node that began a minute ago, the time before is not missing: there was none.
        var first = Approaches.Values.Select(a => a.Begins).Where(b => b is not null).DefaultIfEmpty(null).Min();
        var span = new Interval(first is { } f && f > whole ? f : whole, through);
        return (span, [.. approaches.Select(a => JunctionFlows.Of(a, span, [.. (Approaches.GetValueOrDefault(a) ?? ApproachNow.Empty).Since(span.From)], movements(a)))]);
    }
}

/// <summary>The minutes of one approach.</summary>
/// <param name="Closed">By their start, of the newest revision.</param>
/// <param name="Open">Null where nothing is open.</param>
public sealed record ApproachNow(ImmutableSortedDictionary<DateTimeOffset, FlowBin> Closed, FlowBin? Open)
{
    public static readonly ApproachNow Empty = new(ImmutableSortedDictionary<DateTimeOffset, FlowBin>.Empty, null);

    private bool HasOpen => Open is { } open && !Closed.ContainsKey(open.Key.Start);

    public DateTimeOffset? Begins => Closed.IsEmpty ? (HasOpen ? Open!.Key.Start : null) : Closed.Keys.First();

    /// <summary>Up to where it was watched.</summary>
    public DateTimeOffset? Through => HasOpen ? Open!.Key.Start + Open.Observed : Closed.IsEmpty ? null : Closed.Values.Last().End;

    public ApproachNow WithClosed(FlowBin bin)
    {
        if (Closed.TryGetValue(bin.Key.Start, out var known) && known.Revision >= bin.Revision) return this;
        var closed = Closed.SetItem(bin.Key.Start, bin);
        var oldest = closed.Keys.Last() - LiveSite.Reach;
        return this with { Closed = closed.RemoveRange(closed.Keys.TakeWhile(start => start < oldest)) };
    }

    public IEnumerable<FlowBin> Since(DateTimeOffset from) => Closed.Values.Where(b => b.Key.Start >= from).Concat(HasOpen && Open!.Key.Start >= from ? [Open] : []);
}
