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

    private static readonly string[] Known = ["from", "to", "bin", "approach", "movement", "class", "cursor", "limit", "format"];
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    // No bin is older than the clocks of cameras, and no table is kept as long.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The bins that are asked for, from the place of the cursor on, at most so many.</summary>
    public IEnumerable<(ApproachId Approach, Interval Bin)> Bins(BinAlignment alignment) =>
        from approach in Approaches.SkipWhile(a => Place.Approach is { } at && a != at)
        let span = Place.Approach == approach && Place.After is { } after ? Span with { From = after } : Span
        from bin in alignment.Touching(span, Duration)
        select (approach, bin);

    /// <returns>Null, and what is wrong.</returns>
    public static FlowsQuery? Read(Site site, IQueryCollection query, out Problem? problem)
    {
        problem = null;
        if (query.Keys.FirstOrDefault(k => !Known.Contains(k)) is { } unknown)
        {
            problem = Problem.BadParameter(Core.Texts.PlainText.Of(unknown, 40), "there is no such parameter", $"use {string.Join(", ", Known)}");
            return null;
        }

        if (query.FirstOrDefault(q => q.Value.Count > 1) is { Key: { } doubled })
        {
            problem = Problem.BadParameter(doubled, $"{doubled} comes twice", "write it once, and ask twice for two");
            return null;
        }

        string? Text(string name) => query.TryGetValue(name, out var values) ? values.ToString() : null;
        var duration = ReadDuration(Text("bin"), ref problem);
        var alignment = new BinAlignment(site.TimeZone);
        var from = Instant("from", Text("from"), site.TimeZone, ref problem);
        var to = Instant("to", Text("to"), site.TimeZone, ref problem);
        var approaches = ReadApproaches(site, Text("approach"), ref problem);
        var movement = ReadMovement(Text("movement"), ref problem);
        var vehicleClass = ReadClass(Text("class"), ref problem);
        var place = FlowsPlace.Parse(Text("cursor"), approaches, ref problem);
        var limit = ReadLimit(Text("limit"), ref problem);
        if (problem is not null) return null;
        if (from >= to) problem = Problem.BadParameter("to", $"to is not after from ({Written(from)}, {Written(to)})", "exchange them, or write a later to: it is the instant before which the answer ends");
        else if (alignment.Containing(from, duration).From != from) problem = Cut("from", alignment.Containing(from, duration), duration);
        else if (alignment.Containing(to, duration) is var last && last.From != to) problem = Cut("to", last, duration);
        return problem is null ? new FlowsQuery(site, duration, new Interval(from, to), approaches, movement, vehicleClass, place, limit) : null;
    }

    /// <returns>Null where an answer without pages may hold it all.</returns>
    public Problem? TooMuch()
    {
        var bins = Approaches.Count * (Span.Length / Duration.Length);
        return bins <= MostOfAll ? null
            : Problem.BadParameter("from", $"that are {bins:0} bins in one answer, and {MostOfAll} are the most", "ask for a shorter time, one approach or longer bins; or in pages, with Accept: application/json");
    }

    private static BinDuration ReadDuration(string? text, ref Problem? problem)
    {
        if (text is null) return BinDuration.QuarterHour;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && BinDuration.All.Contains(new BinDuration(minutes))) return new BinDuration(minutes);
        problem ??= Problem.BadParameter("bin", $"bin is no length of a bin", $"write {string.Join(", ", BinDuration.All.Select(d => d.Minutes))}: minutes");
        return BinDuration.QuarterHour;
    }

    private static DateTimeOffset Instant(string name, string? text, TimeZoneInfo zone, ref Problem? problem)
    {
        const string Remedy = "write RFC 3339 with its zone, 2026-04-01T06:00:00+09:00, and %2B for the plus in an address; or a day by the site's clock, 2026-04-01";
        if (text is null)
        {
            problem ??= Problem.BadParameter(name, $"{name} is missing", Remedy);
            return default;
        }

        DateTimeOffset? instant = null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999) instant = SiteDay.Begin(day, zone);
        else if (HasZone(text) && DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)) instant = read;
        if (instant is { } time && time >= Earliest && time < Latest) return TimeZoneInfo.ConvertTime(time, zone);
        problem ??= Problem.BadParameter(name, instant is null ? $"{name} is no time" : $"{name} is before 2000 or after 2200", Remedy);
        return default;
    }

    /// <summary>Without one it would be read by the clock of this machine.</summary>
    private static bool HasZone(string text) => text.Length > 10 && (text[^1] == 'Z' || text.LastIndexOfAny(['+', '-']) > 10);

    private static List<ApproachId> ReadApproaches(Site site, string? text, ref Problem? problem)
    {
        List<ApproachId> all = [.. site.Approaches.Select(a => a.Id)];
        if (text is null) return all;
        if (all.FirstOrDefault(a => a.Value == text) is { Value: not null } found) return [found];
        problem ??= Problem.BadParameter("approach", "this site has no approach of that name", $"it has {string.Join(", ", all)}");
        return all;
    }

    private static Movement? ReadMovement(string? text, ref Problem? problem)
    {
        if (text is null) return null;
        if (text.Length <= 200 && Core.Flow.Movement.IsName(text)) return new Movement(text);
        problem ??= Problem.BadParameter("movement", "that is no movement", "write entering, exiting, or to%20EXIT");
        return null;
    }

    private static VehicleClass? ReadClass(string? text, ref Problem? problem)
    {
        if (text is null) return null;
        foreach (var known in VehicleClassNames.All)
        {
            if (known.Name() == text) return known;
        }

        problem ??= Problem.BadParameter("class", "there is no such class", $"write {string.Join(", ", VehicleClassNames.All.Select(c => c.Name()))}");
        return null;
    }

    private static int ReadLimit(string? text, ref Problem? problem)
    {
        if (text is null) return UsualPage;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostOfPage) return limit;
        problem ??= Problem.BadParameter("limit", "limit is no number of bins of a page", $"write 1 to {MostOfPage}");
        return UsualPage;
    }

    private static Problem Cut(string name, Interval bin, BinDuration duration) =>
        Problem.BadParameter(name, $"{name} lies inside a bin of {duration}", $"write {Written(bin.From)} or {Written(bin.To)}, or shorter bins");

    private static string Written(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}

/// <summary>Where a page begins. Opaque to whoever asks.</summary>
/// <param name="Approach">Null for the beginning.</param>
public readonly record struct FlowsPlace(ApproachId? Approach, DateTimeOffset? After)
{
    public static string Write(ApproachId approach, DateTimeOffset from) =>
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{from.ToUnixTimeSeconds()} {approach}")));

    internal static FlowsPlace Parse(string? text, IReadOnlyList<ApproachId> approaches, ref Problem? problem)
    {
        if (text is null) return default;
        try
        {
            if (text.Length <= 400 && Encoding.UTF8.GetString(Convert.FromHexString(text)).Split(' ', 2) is [var seconds, var approach]
                && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 7_258_118_400 && approaches.Contains(new ApproachId(approach)))
                return new FlowsPlace(new ApproachId(approach), DateTimeOffset.FromUnixTimeSeconds(at));
        }
        catch (FormatException)
        {
            // Told below.
        }

        problem ??= Problem.BadParameter("cursor", "that is no cursor of this query", "write next as it came, with the other parameters as they were; or leave it out to begin");
        return default;
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
