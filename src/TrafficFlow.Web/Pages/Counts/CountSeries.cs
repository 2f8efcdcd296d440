using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;

namespace TrafficFlow.Web.Pages.Counts;

/// <summary>What the lines of a chart stand for.</summary>
public enum CountedBy
{
    Approach = 0,
    Movement = 1,
    Class = 2,
}

/// <summary>What is to be counted.</summary>
/// <param name="Approaches">That are asked for; all of the site, or one.</param>
public sealed record CountQuestion(Site Site, IReadOnlyList<ApproachId> Approaches, CountedBy By);

/// <summary>One line: what belongs to one approach, movement or class.</summary>
/// <param name="Counts">By step; null where nobody watched: missing, not zero.</param>
/// <param name="Watched">By step: the share that was watched of what the line stands for, 0..1; of a class, where every approach was.</param>
public sealed record CountLine(string Key, ImmutableArray<int?> Counts, ImmutableArray<double> Watched)
{
    public int Total => Counts.Sum(c => c ?? 0);

    /// <summary>The busiest step; null where nothing was watched.</summary>
    public int? Peak => Counts.Max();

    public double WatchedMean => Watched.DefaultIfEmpty(0).Average();
}

/// <summary>Counts of a period, step by step.</summary>
/// <param name="Watched">By step: the share that was watched, 0..1, the mean over the approaches.</param>
/// <param name="Degraded">By step: whether some of it cannot be trusted fully.</param>
public sealed record CountSeries(IReadOnlyList<Interval> Steps, ImmutableArray<double> Watched, ImmutableArray<bool> Degraded, IReadOnlyList<CountLine> Lines)
{
    public bool IsEmpty => Watched.All(w => w <= 0) && Lines.All(l => l.Total == 0);

    /// <summary>All lines together; null where one of them is missing.</summary>
    public ImmutableArray<int?> Sum => [.. Steps.Select((_, i) => Lines.Select(l => l.Counts[i]).Aggregate((int?)0, (sum, c) => sum + c))];

    /// <summary>Reads the bins of a period and adds them up.</summary>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    public static async Task<CountSeries> ReadAsync(IFlowQuery flows, CountQuestion question, CountSteps steps, Periods.Period period, CancellationToken cancellation)
    {
        var zone = question.Site.TimeZone;
        var grid = new CountGrid(question, steps.Of(period, zone));
        foreach (var approach in question.Approaches)
        {
            var filter = new FlowFilter(question.Site.Id, steps.Duration, period.Span(zone)) { Approach = approach, Movement = question.By == CountedBy.Movement ? null : Movement.Entering };
            foreach (var bin in await flows.TotalsAsync(filter, grid.By, cancellation)) grid.Add(bin);
        }

        return grid.ToSeries();
    }
}

/// <summary>Adds bins up into the steps of a chart. Pure.</summary>
public sealed class CountGrid
{
    private readonly CountQuestion _question;
    private readonly IReadOnlyList<Interval> _steps;
    private readonly Dictionary<string, int[]> _counts = [];
    private readonly Dictionary<ApproachId, TimeSpan[]> _observed = [];
    private readonly bool[] _degraded;
    private int _at;

    public CountGrid(CountQuestion question, IReadOnlyList<Interval> steps)
    {
        (_question, _steps) = (question, steps);
        _degraded = new bool[steps.Count];
        foreach (var approach in question.Approaches) _observed[approach] = new TimeSpan[steps.Count];
        foreach (var key in Keys()) _counts[key] = new int[steps.Count];
    }

    /// <summary>What the counts of bins have to keep apart.</summary>
    public TotalsBy By => _question.By switch
    {
        CountedBy.Movement => TotalsBy.Movement,
        CountedBy.Class => TotalsBy.Class,
        _ => TotalsBy.Bin,
    };

    /// <param name="bin">Of one of the approaches, of what enters or of each movement; of each approach in order of time.</param>
    public void Add(BinTotals bin)
    {
        if (!_observed.TryGetValue(bin.Approach, out var observed) || StepOf(bin.Start) is not { } step) return;
        observed[step] += bin.Observed;
        if (bin.Quality == BinQuality.Degraded) _degraded[step] = true;
        foreach (var count in bin.Counts)
        {
            if (KeyOf(bin.Approach, count) is not { } key) continue;
            // Ways that the gates of now do not tell: of an earlier site file, or of who was not seen to leave.
            if (!_counts.TryGetValue(key, out var line)) _counts[key] = line = new int[_steps.Count];
            line[step] += count.Count;
        }
    }

    /// <summary>The same of a bin that is here whole.</summary>
    public void Add(FlowBin bin) => Add(new BinTotals(
        bin.Key.Approach, bin.Key.Start, bin.Observed, bin.Quality,
        [
            .. bin.Rows.Where(r => By == TotalsBy.Movement || r.Movement == Movement.Entering)
                .Select(r => new TotalCount(By == TotalsBy.Movement ? r.Movement : null, By == TotalsBy.Class ? r.Class : null, r.Sums.Count)),
        ]));

    public CountSeries ToSeries()
    {
        var shares = _observed.ToDictionary(o => o.Key, o => _steps.Select((s, i) => s.IsEmpty ? 0 : Math.Clamp(o.Value[i] / s.Length, 0, 1)).ToList());
        return new CountSeries(
            _steps,
            [.. _steps.Select((_, i) => shares.Values.Select(s => s[i]).DefaultIfEmpty(0).Average())],
            [.. _degraded],
            [.. _counts.Select(c => Line(c.Key, c.Value))]);

        CountLine Line(string key, int[] counts)
        {
            ImmutableArray<double> watched = [.. _steps.Select((_, i) => ApproachOf(key) is { } approach ? shares[approach][i] : shares.Values.Select(s => s[i]).DefaultIfEmpty(0).Min())];
            return new CountLine(key, [.. counts.Select((count, i) => watched[i] > 0 || count > 0 ? count : (int?)null)], watched);
        }
    }

    private IEnumerable<string> Keys() => _question.By switch
    {
        CountedBy.Approach => _question.Approaches.Select(a => a.Value),
        CountedBy.Class => VehicleClassNames.All.Select(c => c.Name()),
        _ => from approach in _question.Approaches from movement in Live.SiteMovements.Of(_question.Site, approach) where IsWay(movement) select $"{approach.Value} {movement.Name}",
    };

    private string? KeyOf(ApproachId approach, TotalCount count) => _question.By switch
    {
        CountedBy.Movement => IsWay(count.Movement!.Value) ? $"{approach.Value} {count.Movement}" : null,
        CountedBy.Approach => approach.Value,
        _ => count.Class!.Value.Name(),
    };

    /// <returns>Null for a class, which all approaches have.</returns>
    private ApproachId? ApproachOf(string key) => _question.By switch
    {
        CountedBy.Class => null,
        CountedBy.Movement => new ApproachId(key[..key.IndexOf(' ', StringComparison.Ordinal)]),
        _ => new ApproachId(key),
    };

    private static bool IsWay(Movement movement) => movement.Name.StartsWith("to ", StringComparison.Ordinal);

    private int? StepOf(DateTimeOffset start)
    {
        // Bins come in order, approach after approach.
        if (_at >= _steps.Count || _steps[_at].From > start) _at = 0;
        while (_at < _steps.Count && _steps[_at].To <= start) _at++;
        return _at < _steps.Count && _steps[_at].From <= start ? _at : null;
    }
}
