using System.Globalization;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Released;

/// <summary>Which table of a site the page of the city shows. Pure: read from its address; of what is no choice, the usual one is taken, and the page says so.</summary>
/// <param name="Day">By the site's clock: one of the day, the month or the year that is shown.</param>
/// <param name="By">A row is an hour of the day, a day of the month or a month of the year.</param>
/// <param name="ClassesOf">Columns are the classes of this movement, by its name; null for all movements.</param>
/// <param name="IsRefused">The address said something that is no choice.</param>
public sealed record ReleasedChoice(Site Site, DateOnly Day, ReleasedPeriod By, ApproachId Approach, string? ClassesOf, bool IsRefused)
{
    /// <summary>In an address, instead of the name of a movement whose classes are shown.</summary>
    public const string AllMovements = "movements";

    public static readonly IReadOnlyList<ReleasedPeriod> Lengths = [ReleasedPeriod.Hour, ReleasedPeriod.Day, ReleasedPeriod.Month];

    /// <summary>Of one whole day, month or year.</summary>
    public Interval Span { get; } = SpanOf(Site, Day, By);

    /// <summary>As a request for the same table writes it.</summary>
    public string Bin => By switch { ReleasedPeriod.Hour => "60", ReleasedPeriod.Day => "day", _ => "month" };

    /// <summary>The rows: what has begun by now, and is told.</summary>
    /// <param name="keptSince">What is computed together with something that began before is told no more.</param>
    public IReadOnlyList<(ApproachId Approach, Interval Bin)> Bins(DateTimeOffset now, DateTimeOffset keptSince)
    {
        var bins = By switch
        {
            ReleasedPeriod.Hour => new BinAlignment(Site.TimeZone).Touching(Span, BinDuration.Hour),
            ReleasedPeriod.Day => ReleasedCalendar.Days(Span, Site.TimeZone),
            _ => ReleasedCalendar.Months(Span, Site.TimeZone),
        };
        return [.. bins.Where(b => b.From < now && (By == ReleasedPeriod.Hour ? Span.From : b.From) >= keptSince).Select(b => (Approach, b))];
    }

    /// <summary>Names of the movements whose classes are released: those from an approach to an exit.</summary>
    public static IReadOnlyList<string> WithClasses(Site site, ApproachId approach) =>
        [.. FlowTable.Movements(site, approach, []).Where(m => m != Movement.Entering && m != Movement.Exiting).Select(m => m.Name)];

    /// <param name="site">With one approach at least.</param>
    public static ReleasedChoice Read(Site site, IQueryCollection query, DateTimeOffset now)
    {
        var refused = false;
        // Of today little has settled.
        var yesterday = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, site.TimeZone).DateTime).AddDays(-1);
        var day = Taken("day", t => DateOnly.TryParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) && d.Year is >= 2000 and < 2200 ? d : null, yesterday);
        var by = Taken("by", t => Lengths.Cast<ReleasedPeriod?>().FirstOrDefault(l => NameOf(l!.Value) == t), ReleasedPeriod.Day);
        var approach = Taken("approach", t => site.Approaches.Select(a => (ApproachId?)a.Id).FirstOrDefault(a => a!.Value.Value == t), site.Approaches[0].Id);
        var classesOf = query["show"].ToString();
        if (classesOf is "" or AllMovements) classesOf = null;
        else if (!WithClasses(site, approach).Contains(classesOf)) (classesOf, refused) = (null, true);
        return new ReleasedChoice(site, day, by, approach, classesOf, refused);

        T Taken<T>(string name, Func<string, T?> read, T usual)
            where T : struct
        {
            if (query[name].ToString() is not { Length: > 0 } text) return usual;
            if (text.Length <= 100 && read(text) is { } value) return value;
            refused = true;
            return usual;
        }
    }

    /// <summary>As addresses write it.</summary>
    public static string NameOf(ReleasedPeriod by) => by.ToString().ToLowerInvariant();

    private static Interval SpanOf(Site site, DateOnly day, ReleasedPeriod by)
    {
        var (first, end) = by switch
        {
            ReleasedPeriod.Hour => (day, day.AddDays(1)),
            ReleasedPeriod.Day => (new DateOnly(day.Year, day.Month, 1), new DateOnly(day.Year, day.Month, 1).AddMonths(1)),
            _ => (new DateOnly(day.Year, 1, 1), new DateOnly(day.Year + 1, 1, 1)),
        };
        return new Interval(ReleasedCalendar.Day(first, site.TimeZone).From, ReleasedCalendar.Day(end, site.TimeZone).From);
    }
}
