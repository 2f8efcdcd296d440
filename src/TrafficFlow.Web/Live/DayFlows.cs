using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;

namespace TrafficFlow.Web.Live;

/// <summary>The five-minute bins of one day of a site, from which any part of the day can be added up at once.</summary>
public sealed class DayFlows
{
    private readonly Site _site;
    private readonly ILookup<ApproachId, FlowBin> _bins;

    public DayFlows(Site site, Interval day, IEnumerable<FlowBin> bins) => (_site, Day, _bins) = (site, day, bins.ToLookup(b => b.Key.Approach));

    public Interval Day { get; }

    /// <summary>Of the day, in minutes: 1440, but where the clock is set.</summary>
    public int Minutes => (int)Day.Length.TotalMinutes;

    /// <summary>When the last bin that is there ends; the begin of the day where there is none.</summary>
    public DateTimeOffset Through => _bins.SelectMany(b => b).Select(b => b.End).DefaultIfEmpty(Day.From).Max();

    /// <exception cref="QueryException">The database cannot be read.</exception>
    public static async Task<DayFlows> ReadAsync(IFlowQuery flows, Site site, Interval day, CancellationToken cancellation)
    {
        List<FlowBin> bins = [];
        await foreach (var closed in flows.ReadAllAsync(new FlowFilter(site.Id, BinDuration.FiveMinutes, day), cancellation)) bins.Add(closed.Bin);
        return new DayFlows(site, day, bins);
    }

    /// <summary>The flows of so many minutes from a minute of the day on, as far as the day goes.</summary>
    /// <param name="minute">Of the day, from 0; a multiple of five.</param>
    public (Interval Span, IReadOnlyList<ApproachFlow> Flows) At(int minute, int minutes)
    {
        var from = Day.From.AddMinutes(Math.Clamp(minute, 0, Math.Max(0, Minutes - minutes)));
        var span = new Interval(from, from.AddMinutes(minutes)).Clip(Day);
        return (span, [.. _site.Approaches.Select(a => JunctionFlows.Of(a.Id, span, [.. _bins[a.Id].Where(b => b.Key.Start >= span.From && b.Key.Start < span.To)], SiteMovements.Of(_site, a.Id)))]);
    }
}
