using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>The bins that the state holds: derived whenever somebody asks, never stored.</summary>
public sealed partial record ApproachState
{
    public bool IsClosed(Interval bin) => bin.To <= ClosedThrough;

    public FlowBin Bin(Interval bin, BinDuration duration, ApproachSetup setup)
    {
        var observed = Observed(bin, setup);
        var degraded = Cameras.Values.Any(c => !c.Degraded.Within(bin).IsEmpty);
        return new FlowBin(
            new BinKey(setup.Site, setup.Approach, duration, bin.From),
            bin.To,
            observed,
            FlowBin.Judge(bin, observed, degraded),
            IsClosed(bin) ? RevisionOf((duration.Minutes, bin.From.UtcTicks)) : 0,
            Cells.Rows(bin),
            Sources(bin))
        {
            Queue = Cells.Queue(bin),
        };
    }

    /// <summary>Of a bin that was changed since it was last published: the one under which it will be.</summary>
    private int RevisionOf((int Minutes, long StartTicks) bin) => 1 + LateChanges.GetValueOrDefault(bin) + (Unsettled.Contains(bin) ? 1 : 0);

    /// <summary>Closed and open bins in [from, to), as far back as cells are kept.</summary>
    public IEnumerable<FlowBin> Bins(Interval window, BinDuration duration, ApproachSetup setup)
    {
        if (Since is not { } since) yield break;
        var end = MaxWatermark > ClosedThrough ? MaxWatermark : ClosedThrough;
        var known = window.Clip(new Interval(since > RetainFrom ? since : RetainFrom, end));
        foreach (var bin in setup.Alignment.Touching(known, duration))
            if (bin.From >= window.From && bin.To <= window.To) yield return Bin(bin, duration, setup);
    }

    /// <summary>
    /// The bins that closed since the state was <paramref name="before"/>, shortest and oldest first. After a jump of event time those
    /// before <paramref name="retainFrom"/> are only the ones that hold something: blind ones could be millions.
    /// </summary>
    public IEnumerable<FlowBin> ClosedSince(ApproachState before, DateTimeOffset? retainFrom, ApproachSetup setup)
    {
        if (Since is not { } since || ClosedThrough <= before.ClosedThrough) yield break;
        var from = Later(before.ClosedThrough, since);
        var recent = new Interval(Later(from, Later(RetainFrom, retainFrom ?? DateTimeOffset.MinValue)), ClosedThrough);
        var known = recent.From > from ? Known(new Interval(from, recent.From)).Intervals.Add(recent) : [recent];
        foreach (var duration in BinDuration.All)
        {
            var done = DateTimeOffset.MinValue;
            foreach (var span in known)
            {
                foreach (var bin in setup.Alignment.Touching(span, duration))
                {
                    if (bin.To <= done || !IsClosed(bin)) continue;
                    done = bin.To;
                    yield return Bin(bin, duration, setup);
                }
            }
        }
    }

    /// <summary>Where anything was watched or counted.</summary>
    private IntervalSet Known(Interval window)
    {
        var counted = Cells.All.Select(c => new Interval(c.Minute, c.Minute.AddMinutes(1)));
        var watched = Cameras.Values.SelectMany(c => c.Watched.Within(window).Intervals);
        return IntervalSet.Of(counted.Concat(watched)).Within(window);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>The bins around the newest event time.</summary>
    public IEnumerable<FlowBin> OpenBins(ApproachSetup setup)
    {
        var now = MaxWatermark;
        if (now == DateTimeOffset.MinValue) yield break;
        foreach (var duration in BinDuration.All)
        {
            var bin = setup.Alignment.Containing(now.AddTicks(-1), duration);
            if (!IsClosed(bin)) yield return Bin(bin, duration, setup);
        }
    }

    /// <summary>The last closed bin of each duration.</summary>
    public IEnumerable<FlowBin> LastClosed(ApproachSetup setup)
    {
        if (Since is not { } since || ClosedThrough <= since) yield break;
        foreach (var duration in BinDuration.All)
        {
            var bin = setup.Alignment.Containing(ClosedThrough.AddTicks(-1), duration);
            if (!IsClosed(bin)) bin = setup.Alignment.Containing(bin.From.AddTicks(-1), duration);
            if (IsClosed(bin) && bin.To > since) yield return Bin(bin, duration, setup);
        }
    }

    public ApproachStatus Status(ApproachSetup setup) => new(
        setup.Site,
        setup.Approach,
        Since is null || ClosedThrough == DateTimeOffset.MinValue ? null : ClosedThrough,
        [.. Cameras.Select(c => new CameraProgress(new CameraId(c.Key), c.Value.Log.HighWater, c.Value.Watermark, c.Value.Watched.Total.TotalSeconds, c.Value.ClockOffset))],
        [.. Totals.Select(t => new StreamTotal(t.Key, t.Value))],
        TooLate,
        Cursor,
        Unwritten.Count,
        Quarantined: Quarantine.Sum(q => (long)q.Entries.Count));

    private ImmutableArray<BinSource> Sources(Interval bin)
    {
        var sources = ImmutableArray.CreateBuilder<BinSource>();
        foreach (var (camera, feed) in Cameras)
        {
            for (var i = 0; i < feed.Provenances.Length; i++)
            {
                var began = feed.Provenances[i].From < bin.To;
                var over = i + 1 < feed.Provenances.Length && feed.Provenances[i + 1].From <= bin.From;
                if (began && !over) sources.Add(new BinSource(new CameraId(camera), feed.Provenances[i].Provenance));
            }
        }

        return sources.ToImmutable();
    }
}
