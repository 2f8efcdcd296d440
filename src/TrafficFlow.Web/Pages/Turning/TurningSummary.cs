using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Turning;

/// <summary>The turning table of a period, its peak hours, and how well it was watched.</summary>
/// <param name="Peaks">By approach; null where no hour of it was watched whole.</param>
/// <param name="Watched">By approach: the share of the period that was watched, 0..1.</param>
public sealed record TurningSummary(TurningMatrix All, TurningMatrix Shown, PeakHour? Peak, IReadOnlyDictionary<ApproachId, PeakHour?> Peaks, IReadOnlyDictionary<ApproachId, double> Watched)
{
    public double WatchedMean => Watched.Count == 0 ? 0 : Watched.Values.Average();

    /// <param name="vehicleClass">Of <see cref="Shown"/>; null for every class. Peak hours are of all vehicles.</param>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    public static async Task<TurningSummary> ReadAsync(IFlowQuery flows, Site site, Period period, VehicleClass? vehicleClass, CancellationToken cancellation)
    {
        var span = period.Span(site.TimeZone);
        // Of the newest day, what has closed since the full hour too.
        var duration = period.Days <= 2 ? BinDuration.FiveMinutes : BinDuration.Hour;
        List<FlowBin> bins = [];
        await foreach (var closed in flows.ReadAllAsync(new FlowFilter(site.Id, duration, span), cancellation)) bins.Add(closed.Bin);
        List<FlowBin> quarters = [];
        await foreach (var closed in flows.ReadAllAsync(new FlowFilter(site.Id, BinDuration.QuarterHour, span) { Movement = Movement.Entering }, cancellation)) quarters.Add(closed.Bin);
        return Of(site, span, bins, quarters, vehicleClass);
    }

    /// <param name="bins">Whose rows make the table, of one length.</param>
    /// <param name="quarters">Quarter hours with what entered.</param>
    public static TurningSummary Of(Site site, Interval span, IReadOnlyList<FlowBin> bins, IReadOnlyList<FlowBin> quarters, VehicleClass? vehicleClass)
    {
        IReadOnlyList<ApproachId> arms = [.. site.Approaches.Select(a => a.Id)];
        var expected = new BinAlignment(site.TimeZone).Touching(span, BinDuration.QuarterHour).Select(b => b.From).ToList();
        var counted = quarters.ToDictionary(b => (b.Key.Approach, b.Key.Start), b => b.Quality is BinQuality.Complete or BinQuality.Degraded ? b.Count(Movement.Entering) : null);
        var all = TurningMatrix.Of(arms, bins);
        return new TurningSummary(
            all,
            vehicleClass is null ? all : TurningMatrix.Of(arms, bins, vehicleClass),
            PeakHour.Find([.. expected.Select(q => (q, arms.Select(a => counted.GetValueOrDefault((a, q))).Aggregate((int?)0, (sum, c) => sum + c)))]),
            arms.ToDictionary(a => a, a => PeakHour.Find([.. expected.Select(q => (q, counted.GetValueOrDefault((a, q))))])),
            arms.ToDictionary(a => a, a => Math.Clamp(bins.Where(b => b.Key.Approach == a).Sum(b => b.Observed.TotalSeconds) / span.Length.TotalSeconds, 0, 1)));
    }

    /// <summary>Heavy goods vehicles and buses of those whose size is known, 0..1; null without such.</summary>
    public static double? HeavyShare(FlowSums sums) => sums.Small + sums.Large > 0 ? sums.Large / (double)(sums.Small + sums.Large) : null;
}
