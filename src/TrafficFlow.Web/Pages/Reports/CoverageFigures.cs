using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>How one stretch of time was watched, in the words of the bins; <see cref="None"/> where no bin is stored.</summary>
public enum WatchQuality
{
    Complete = 0,
    Partial = 1,
    Degraded = 2,
    Blind = 3,
    None = 4,
}

/// <summary>A stretch of one approach that was not watched whole.</summary>
/// <param name="Watched">Of the stretch, 0 to 1.</param>
public sealed record Shortfall(ApproachId Approach, Interval Span, WatchQuality Quality, double Watched);

/// <summary>One cell of the strip over time.</summary>
/// <param name="Watched">0 to 1.</param>
public readonly record struct CoverageCell(WatchQuality Quality, double Watched);

/// <summary>How one approach was watched.</summary>
/// <param name="Observed">For so long every camera that feeds it watched.</param>
/// <param name="Expected">For so long it should have.</param>
/// <param name="Times">By quality: the length of the bins of that quality.</param>
/// <param name="Cells">By step of the strip.</param>
/// <param name="Revised">Bins that late data changed after they had closed.</param>
public sealed record ApproachCoverage(
    ApproachId Approach, TimeSpan Observed, TimeSpan Expected, IReadOnlyDictionary<WatchQuality, TimeSpan> Times, IReadOnlyList<CoverageCell> Cells, int Revised, int HighestRevision)
{
    /// <summary>0 to 1.</summary>
    public double Share => Expected > TimeSpan.Zero ? Math.Clamp(Observed / Expected, 0, 1) : 0;
}

/// <summary>How a period was watched, from the bins' observed seconds and qualities. Pure.</summary>
/// <param name="Steps">Of the strip.</param>
/// <param name="Shortfalls">Approach after approach, in order of time.</param>
public sealed record CoverageFigures(IReadOnlyList<Interval> Steps, IReadOnlyList<ApproachCoverage> Approaches, IReadOnlyList<Shortfall> Shortfalls)
{
    /// <summary>Mean over the approaches, 0 to 1.</summary>
    public double Share => Approaches.Count == 0 ? 0 : Approaches.Average(a => a.Share);

    /// <param name="expected">All bins of the period, sorted.</param>
    /// <param name="bins">Those that are stored, of the newest revision, in any order, none twice.</param>
    /// <param name="steps">Of the strip, sorted; each holds whole bins.</param>
    public static CoverageFigures Of(IReadOnlyList<ApproachId> arms, IReadOnlyList<Interval> expected, IEnumerable<FlowBin> bins, IReadOnlyList<Interval> steps)
    {
        var stored = bins.ToDictionary(b => (b.Key.Approach, b.Key.Start.UtcTicks));
        List<ApproachCoverage> approaches = [];
        List<Shortfall> shortfalls = [];
        foreach (var arm in arms)
        {
            var looks = expected.Select(e => (Span: e, Bin: stored.GetValueOrDefault((arm, e.From.UtcTicks)))).Select(b => (b.Span, b.Bin, Quality: QualityOf(b.Bin))).ToList();
            approaches.Add(new ApproachCoverage(
                arm,
                Sum(looks.Select(l => ObservedIn(l.Bin, l.Span))),
                Sum(looks.Select(l => l.Span.Length)),
                looks.GroupBy(l => l.Quality).ToDictionary(g => g.Key, g => Sum(g.Select(l => l.Span.Length))),
                Cells(steps, [.. looks.Select(l => (l.Span, l.Quality, ObservedIn(l.Bin, l.Span)))]),
                looks.Count(l => l.Bin?.Revision > 1),
                looks.Max(l => l.Bin?.Revision) ?? 0));
            shortfalls.AddRange(Merge(arm, [.. looks.Where(l => l.Quality != WatchQuality.Complete).Select(l => (l.Span, l.Quality, ObservedIn(l.Bin, l.Span)))]));
        }

        return new CoverageFigures(steps, approaches, shortfalls);
    }

    private static WatchQuality QualityOf(FlowBin? bin) => bin?.Quality switch
    {
        null => WatchQuality.None,
        BinQuality.Complete => WatchQuality.Complete,
        BinQuality.Partial => WatchQuality.Partial,
        BinQuality.Degraded => WatchQuality.Degraded,
        _ => WatchQuality.Blind,
    };

    private static TimeSpan ObservedIn(FlowBin? bin, Interval span) => bin is null ? TimeSpan.Zero : bin.Observed < span.Length ? bin.Observed : span.Length;

    /// <summary>The worst quality of what lies in each step; nothing at all is worst, unless something else is there too.</summary>
    private static List<CoverageCell> Cells(IReadOnlyList<Interval> steps, IReadOnlyList<(Interval Span, WatchQuality Quality, TimeSpan Observed)> looks)
    {
        List<CoverageCell> cells = [];
        var at = 0;
        foreach (var step in steps)
        {
            var (observed, worst, isAllMissing, any) = (TimeSpan.Zero, WatchQuality.Complete, true, false);
            for (; at < looks.Count && looks[at].Span.From < step.To; at++)
            {
                any = true;
                observed += looks[at].Observed;
                var quality = looks[at].Quality;
                isAllMissing &= quality is WatchQuality.Blind or WatchQuality.None;
                if (quality > worst) worst = quality;
            }

            if (!any) worst = WatchQuality.None;
            else if (worst >= WatchQuality.Blind && !isAllMissing) worst = WatchQuality.Partial;
            cells.Add(new CoverageCell(worst, step.Length > TimeSpan.Zero ? Math.Clamp(observed / step.Length, 0, 1) : 0));
        }

        return cells;
    }

    private static IEnumerable<Shortfall> Merge(ApproachId arm, IReadOnlyList<(Interval Span, WatchQuality Quality, TimeSpan Observed)> looks)
    {
        for (var i = 0; i < looks.Count;)
        {
            var (from, to, quality, observed) = (looks[i].Span.From, looks[i].Span.To, looks[i].Quality, looks[i].Observed);
            for (i++; i < looks.Count && looks[i].Span.From == to && looks[i].Quality == quality; i++)
            {
                to = looks[i].Span.To;
                observed += looks[i].Observed;
            }

            yield return new Shortfall(arm, new Interval(from, to), quality, Math.Clamp(observed / (to - from), 0, 1));
        }
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => TimeSpan.FromTicks(times.Sum(t => t.Ticks));
}
