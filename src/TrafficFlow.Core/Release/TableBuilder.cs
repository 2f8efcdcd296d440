using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Release;

/// <summary>Puts one table together: totals from the newest revisions, classes and speeds from what has settled.</summary>
internal sealed class TableBuilder(ReleasedApproach approach, ReleasedPeriod period, Interval span)
{
    private readonly List<ReleasedCell> _cells = [];
    private readonly HashSet<Movement> _movements = [.. approach.Movements];
    private DateTimeOffset? _detailAsOf;

    /// <param name="bins">Newest revisions of bins within the span, none twice.</param>
    /// <param name="withheld">Null: the totals are told.</param>
    /// <param name="coarsened">Streams that are released in longer periods only.</param>
    /// <param name="speeds">Of what entered, where they are told.</param>
    public TableBuilder Totals(IReadOnlyCollection<FlowBin> bins, Withheld? withheld, Func<Movement, bool> coarsened, FlowSums? speeds = null)
    {
        var isMissing = bins.All(b => b.Quality == BinQuality.Blind && b.Rows.IsEmpty);
        _movements.UnionWith(bins.SelectMany(b => b.Rows).Select(r => r.Movement));
        foreach (var movement in _movements.Order())
        {
            Withheld? why = coarsened(movement) ? Withheld.Coarsened : withheld ?? (isMissing ? Withheld.Missing : null);
            var count = why is null ? bins.SelectMany(b => b.Rows).Where(r => r.Movement == movement).Sum(r => r.Sums.Count) : (int?)null;
            _cells.Add(new ReleasedCell(movement, null, count, why, movement == Movement.Entering ? speeds : null));
        }

        return this;
    }

    /// <param name="tell">By category, what is told of it.</param>
    public TableBuilder Classes(Movement movement, Func<int, (int? Count, int AtLeast)> tell)
    {
        for (var c = 0; c < VehicleClassNames.All.Count; c++)
        {
            var (count, atLeast) = tell(c);
            _cells.Add(new ReleasedCell(movement, VehicleClassNames.All[c], count, Withheld.Suppressed, atLeast: atLeast));
        }

        return this;
    }

    public TableBuilder NoClasses(Movement movement, Withheld why)
    {
        foreach (var c in VehicleClassNames.All) _cells.Add(new ReleasedCell(movement, c, null, why));
        return this;
    }

    public TableBuilder DetailAsOf(DateTimeOffset time)
    {
        _detailAsOf = time;
        return this;
    }

    public ReleasedTable Build(IReadOnlyCollection<FlowBin> bins)
    {
        var observed = bins.Aggregate(TimeSpan.Zero, (sum, b) => sum + b.Observed);
        // One bin keeps the quality that it has; that of a sum is judged as a bin's is.
        var quality = bins.Count == 1 && bins.First() is var only && only.Key.Start == span.From && only.End == span.To
            ? only.Quality
            : FlowBin.Judge(span, observed, bins.Any(b => b.Quality == BinQuality.Degraded));
        var revision = bins.Count == 0 ? 0 : bins.Max(b => b.Revision);
        return new ReleasedTable(approach.Site, approach.Approach, period, span, observed, quality, revision, _detailAsOf, [.. _cells]);
    }
}
