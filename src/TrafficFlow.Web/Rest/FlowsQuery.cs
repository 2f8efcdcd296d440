using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>What a request for flows asks for. Pure: read from its parameters, each told by name where it is wrong.</summary>
/// <param name="Span">Whole bins of the site's clock.</param>
/// <param name="Approaches">In the order of the site file.</param>
/// <param name="Movement">Null for every one.</param>
/// <param name="Class">Null for every one.</param>
/// <param name="Limit">Bins of a page, or of the whole answer where it has no pages.</param>
public sealed record FlowsQuery(Site Site, BinDuration Duration, Interval Span, IReadOnlyList<ApproachId> Approaches, Movement? Movement, VehicleClass? Class, FlowsPlace Place, int Limit)
{
    /// <summary>Bins of a page, each with a row for each movement and class.</summary>
    public const int UsualPage = 200;

    public const int MostOfPage = 500;

    /// <summary>Of an answer without pages: a month of five minutes of four approaches, and some.</summary>
    public const int MostOfAll = 40_000;

    /// <summary>The bins that are asked for, from the place of the cursor on, at most so many.</summary>
    public IEnumerable<(ApproachId Approach, Interval Bin)> Bins(BinAlignment alignment) =>
        from approach in Approaches.SkipWhile(a => Place.Approach is { } at && a != at)
        let span = Place.Approach == approach && Place.After is { } after ? Span with { From = after } : Span
        from bin in alignment.Touching(span, Duration)
        select (approach, bin);

    /// <returns>Null, and what is wrong.</returns>
    public static FlowsQuery? Read(Site site, IQueryCollection query, out Problem? problem)
    {
        var read = new QueryReader(query, ["from", "to", "bin", "approach", "movement", "class", "cursor", "limit", FormatChoice.Parameter]);
        var duration = ReadDuration(read);
        var alignment = new BinAlignment(site.TimeZone);
        var (from, to) = (read.Instant("from", site.TimeZone), read.Instant("to", site.TimeZone));
        var approaches = read.Approaches(site, "approach");
        var asked = (Movement: read.Movement(), Class: read.Class(), Place: read.Place(approaches), Limit: read.Limit(UsualPage, MostOfPage));
        problem = read.Problem;
        if (problem is not null) return null;
        problem = read.Order(from, to) ?? Cut("from", from, alignment.Containing(from, duration), duration) ?? Cut("to", to, alignment.Containing(to, duration), duration);
        return problem is null ? new FlowsQuery(site, duration, new Interval(from, to), approaches, asked.Movement, asked.Class, asked.Place, asked.Limit) : null;
    }

    /// <returns>Null where an answer without pages may hold it all.</returns>
    public Problem? TooMuch()
    {
        var bins = Approaches.Count * (Span.Length / Duration.Length);
        return bins <= MostOfAll ? null
            : Problem.BadParameter("from", $"that are {bins:0} bins in one answer, and {MostOfAll} are the most", "ask for a shorter time, one approach or longer bins; or in pages, with Accept: application/json");
    }

    private static Problem? Cut(string name, DateTimeOffset at, Interval bin, BinDuration duration) => bin.From == at ? null : QueryReader.Cut(name, bin, $"a bin of {duration}");

    private static BinDuration ReadDuration(QueryReader read)
    {
        if (read.Text("bin") is not { } text) return BinDuration.QuarterHour;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && BinDuration.All.Contains(new BinDuration(minutes))) return new BinDuration(minutes);
        read.Wrong("bin", "bin is no length of a bin", $"write {string.Join(", ", BinDuration.All.Select(d => d.Minutes))}: minutes");
        return BinDuration.QuarterHour;
    }
}

/// <summary>Where a page begins. Opaque to whoever asks.</summary>
/// <param name="Approach">Null for the beginning.</param>
public readonly record struct FlowsPlace(ApproachId? Approach, DateTimeOffset? After)
{
    public static string Write(ApproachId approach, DateTimeOffset from) =>
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{from.ToUnixTimeSeconds()} {approach}")));

    /// <returns>Null where it is none of these approaches.</returns>
    internal static FlowsPlace? Parse(string text, IReadOnlyList<ApproachId> approaches)
    {
        try
        {
            if (text.Length <= 400 && Encoding.UTF8.GetString(Convert.FromHexString(text)).Split(' ', 2) is [var seconds, var approach]
                && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 7_258_118_400 && approaches.FirstOrDefault(a => a.Value == approach) is { Value: not null } known)
                return new FlowsPlace(known, DateTimeOffset.FromUnixTimeSeconds(at));
        }
        catch (FormatException)
        {
            // Told by the caller.
        }

        return null;
    }
}

/// <summary>Days of a site's clock.</summary>
internal static class SiteDay
{
    /// <summary>Midnight, or what follows it where the clock is set forward then.</summary>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }
}
