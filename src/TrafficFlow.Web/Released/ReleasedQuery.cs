using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Rest;

namespace TrafficFlow.Web.Released;

/// <summary>What a request for released tables asks for. Pure: read from its parameters, each told by name where it is wrong.</summary>
/// <param name="Span">Whole periods of the site's clock.</param>
/// <param name="Class">A class, or <see cref="FlowTableRow.AllClasses"/>; null for all of both.</param>
/// <param name="Limit">Periods of a page.</param>
internal sealed record ReleasedQuery(Site Site, ReleasedPeriod Period, Interval Span, IReadOnlyList<ApproachId> Approaches, Movement? Movement, string? Class, FlowsPlace Place, int Limit)
{
    /// <summary>Days of one answer without pages, of all approaches together: each is computed.</summary>
    public const int MostDays = 128;

    /// <summary>Months of one answer without pages, of all approaches together.</summary>
    public const int MostMonths = 16;

    private static readonly string[] Periods = ["1", "5", "15", "60", "day", "month"];

    /// <summary>As it is written in a request.</summary>
    public string Length => Periods[(int)Period];

    /// <summary>The periods that are asked for, from the place of the cursor on.</summary>
    public IEnumerable<(ApproachId Approach, Interval Bin)> Bins() =>
        from approach in Approaches.SkipWhile(a => Place.Approach is { } at && a != at)
        let span = Place.Approach == approach && Place.After is { } after ? Span with { From = after } : Span
        from bin in Each(span)
        select (approach, bin);

    /// <summary>Of all rows those of the movement and class that are asked for.</summary>
    public async IAsyncEnumerable<FlowTableRow> TakenAsync(IAsyncEnumerable<FlowTableRow> rows)
    {
        await foreach (var row in rows)
        {
            if ((Movement is not { } one || row.Movement == one.Name) && (Class is null || row.Class == Class)) yield return row;
        }
    }

    /// <returns>Null where an answer without pages may hold it all.</returns>
    public Problem? TooMuch()
    {
        if (Period is ReleasedPeriod.Minute or ReleasedPeriod.FiveMinutes)
        {
            var bins = Approaches.Count * (Span.Length / TimeSpan.FromMinutes(ReleasedRows.MinutesOf(Period)));
            return bins <= FlowsQuery.MostOfAll ? null : Much($"{bins:0} bins", FlowsQuery.MostOfAll);
        }

        var (count, most, what) = Period == ReleasedPeriod.Month
            ? (Approaches.Count * Math.Ceiling(Span.Length.TotalDays / 31), MostMonths, "months")
            : (Approaches.Count * Math.Ceiling(Span.Length.TotalDays), MostDays, "days");
        return count <= most ? null : Much($"{count:0} {what} of all approaches together", most);

        static Problem Much(string what, int most) => Problem.BadParameter("from", $"that are {what} in one answer, and {most} are the most", "ask for a shorter time or one approach; or in pages, with Accept: application/json");
    }

    /// <param name="keptSince">What began before is not released any more.</param>
    /// <returns>Null, and what is wrong.</returns>
    public static ReleasedQuery? Read(Site site, IQueryCollection query, DateTimeOffset keptSince, out Problem? problem)
    {
        var read = new QueryReader(query, ["from", "to", "bin", "approach", "movement", "class", "cursor", "limit", FormatChoice.Parameter]);
        var period = ReadPeriod(read);
        var (from, to) = (read.Instant("from", site.TimeZone), read.Instant("to", site.TimeZone));
        var approaches = read.Approaches(site, "approach");
        var movement = read.Movement();
        var vehicleClass = read.Text("class") is FlowTableRow.AllClasses ? FlowTableRow.AllClasses : read.Class()?.Name();
        var place = read.Place(approaches);
        var (usual, most) = period switch { ReleasedPeriod.Day => (31, 62), ReleasedPeriod.Month => (1, 12), _ => (FlowsQuery.UsualPage, FlowsQuery.MostOfPage) };
        var limit = read.Limit(usual, most);
        problem = read.Problem;
        if (problem is not null) return null;
        var asked = new ReleasedQuery(site, period, new Interval(from, to), approaches, movement, vehicleClass, place, limit);
        problem = read.Order(from, to) ?? asked.Cut("from", from) ?? asked.Cut("to", to);
        if (problem is null && asked.BeginsIn(from) < keptSince)
            problem = Problem.BadParameter("from", $"what is released begins on {keptSince:yyyy-MM-dd}: what was before is deleted bit by bit", "ask for a later time; of a day or month that began before nothing is told");
        return problem is null ? asked : null;
    }

    /// <summary>Where what is computed together with the first period begins.</summary>
    private DateTimeOffset BeginsIn(DateTimeOffset from) => Period switch
    {
        ReleasedPeriod.Minute or ReleasedPeriod.FiveMinutes => from,
        ReleasedPeriod.Month => ReleasedCalendar.Months(new Interval(from, from.AddTicks(1)), Site.TimeZone).First().From,
        _ => ReleasedCalendar.Days(new Interval(from, from.AddTicks(1)), Site.TimeZone).First().From,
    };

    private IEnumerable<Interval> Each(Interval span) => Period switch
    {
        ReleasedPeriod.Day => ReleasedCalendar.Days(span, Site.TimeZone),
        ReleasedPeriod.Month => ReleasedCalendar.Months(span, Site.TimeZone),
        _ => new BinAlignment(Site.TimeZone).Touching(span, new BinDuration(ReleasedRows.MinutesOf(Period))),
    };

    private Problem? Cut(string name, DateTimeOffset at) =>
        Each(new Interval(at, at.AddTicks(1))).First() is var period && period.From == at ? null : QueryReader.Cut(name, period, $"a period of bin={Length}");

    private static ReleasedPeriod ReadPeriod(QueryReader read)
    {
        if (read.Text("bin") is not { } text) return ReleasedPeriod.QuarterHour;
        if (Array.IndexOf(Periods, text) is >= 0 and var found) return (ReleasedPeriod)found;
        read.Wrong("bin", "bin is no length of a released period", $"write {string.Join(", ", Periods)}: minutes, day or month");
        return ReleasedPeriod.QuarterHour;
    }
}
