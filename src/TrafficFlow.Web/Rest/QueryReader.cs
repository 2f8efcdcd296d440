using System.Globalization;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>Reads the parameters of a request; the first that is wrong is kept, by its name. Pure.</summary>
internal sealed class QueryReader
{
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    // No bin is older than the clocks of cameras, and no table is kept as long.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IQueryCollection _query;

    /// <param name="known">All parameters that there are.</param>
    public QueryReader(IQueryCollection query, IReadOnlyList<string> known)
    {
        _query = query;
        if (query.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            Wrong(Core.Texts.PlainText.Of(unknown, 40), "there is no such parameter", $"use {string.Join(", ", known)}");
        else if (query.FirstOrDefault(q => q.Value.Count > 1) is { Key: { } doubled })
            Wrong(doubled, $"{doubled} comes twice", "write it once, and ask twice for two");
    }

    /// <summary>What is wrong; null where nothing is.</summary>
    public Problem? Problem { get; private set; }

    public void Wrong(string name, string detail, string remedy) => Problem ??= Problem.BadParameter(name, detail, remedy);

    public string? Text(string name) => _query.TryGetValue(name, out var values) ? values.ToString() : null;

    public DateTimeOffset Instant(string name, TimeZoneInfo zone)
    {
        const string Remedy = "write RFC 3339 with its zone, 2026-04-01T06:00:00+09:00, and %2B for the plus in an address; or a day by the site's clock, 2026-04-01";
        if (Text(name) is not { } text)
        {
            Wrong(name, $"{name} is missing", Remedy);
            return default;
        }

        DateTimeOffset? instant = null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999) instant = SiteDay.Begin(day, zone);
        else if (HasZone(text) && DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)) instant = read;
        if (instant is { } time && time >= Earliest && time < Latest) return TimeZoneInfo.ConvertTime(time, zone);
        Wrong(name, instant is null ? $"{name} is no time" : $"{name} is before 2000 or after 2200", Remedy);
        return default;
    }

    /// <returns>That of the parameter; all of the site without it.</returns>
    public IReadOnlyList<ApproachId> Approaches(Site site, string name)
    {
        List<ApproachId> all = [.. site.Approaches.Select(a => a.Id)];
        if (Text(name) is not { } text) return all;
        if (all.FirstOrDefault(a => a.Value == text) is { Value: not null } found) return [found];
        Wrong(name, "this site has no approach of that name", $"it has {string.Join(", ", all)}");
        return all;
    }

    public Movement? Movement()
    {
        if (Text("movement") is not { } text) return null;
        if (text.Length <= 200 && Core.Flow.Movement.IsName(text)) return new Movement(text);
        Wrong("movement", "that is no movement", "write entering, exiting, or to%20EXIT");
        return null;
    }

    public VehicleClass? Class()
    {
        if (Text("class") is not { } text) return null;
        foreach (var known in VehicleClassNames.All)
        {
            if (known.Name() == text) return known;
        }

        Wrong("class", "there is no such class", $"write {string.Join(", ", VehicleClassNames.All.Select(c => c.Name()))}");
        return null;
    }

    public FlowsPlace Place(IReadOnlyList<ApproachId> approaches)
    {
        if (Text("cursor") is not { } text) return default;
        if (FlowsPlace.Parse(text, approaches) is { } place) return place;
        Wrong("cursor", "that is no cursor of this query", "write next as it came, with the other parameters as they were; or leave it out to begin");
        return default;
    }

    /// <param name="usual">Without the parameter.</param>
    public int Limit(int usual, int most, string what = "bins")
    {
        if (Text("limit") is not { } text) return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most) return limit;
        Wrong("limit", $"limit is no number of {what} of a page", $"write 1 to {most}");
        return usual;
    }

    /// <returns>Null where <paramref name="from"/> is before <paramref name="to"/>.</returns>
    public Problem? Order(DateTimeOffset from, DateTimeOffset to) => from < to
        ? null
        : Problem.BadParameter("to", $"to is not after from ({Written(from)}, {Written(to)})", "exchange them, or write a later to: it is the instant before which the answer ends");

    /// <summary>A bound lies inside of a bin.</summary>
    public static Problem Cut(string name, Interval bin, string what) =>
        Problem.BadParameter(name, $"{name} lies inside {what}", $"write {Written(bin.From)} or {Written(bin.To)}, or shorter bins");

    /// <summary>Without one it would be read by the clock of this machine.</summary>
    private static bool HasZone(string text) => text.Length > 10 && (text[^1] == 'Z' || text.LastIndexOfAny(['+', '-']) > 10);

    private static string Written(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
