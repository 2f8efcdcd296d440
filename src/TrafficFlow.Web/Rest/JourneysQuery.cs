using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>What a request for journeys asks for. Pure: read from its parameters, each told by name where it is wrong.</summary>
/// <param name="Cursor">Of the query port; null for the first page.</param>
/// <param name="Limit">Journeys of a page.</param>
internal sealed record JourneysQuery(Site Site, JourneyFilter Filter, string? Cursor, int Limit)
{
    public const int UsualPage = 200;
    public const int MostOfPage = 1_000;

    private const int MarkLength = 16;

    /// <summary>Single vehicles: what somebody looks into, not a history.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <returns>Null, and what is wrong.</returns>
    public static JourneysQuery? Read(Site site, IQueryCollection query, out Problem? problem)
    {
        var read = new QueryReader(query, ["from", "to", "approach", "exit", "class", "cursor", "limit"]);
        var (from, to) = (read.Instant("from", site.TimeZone), read.Instant("to", site.TimeZone));
        ApproachId? approach = read.Text("approach") is null ? null : read.Approaches(site, "approach")[0];
        ApproachId? exit = read.Text("exit") is null ? null : read.Approaches(site, "exit")[0];
        var filter = new JourneyFilter(site.Id, new Interval(from, to)) { Approach = approach, Exit = exit, Class = read.Class() };
        var limit = read.Limit(UsualPage, MostOfPage, "journeys");
        string? cursor = null;
        if (read.Text("cursor") is { } text && (cursor = Unmarked(text, filter)) is null)
            read.Wrong("cursor", "that is no cursor of this query", "write next as it came, with the other parameters as they were; or leave it out to begin");
        problem = read.Problem ?? read.Order(from, to);
        if (problem is null && to - from > Longest) problem = Problem.BadParameter("from", $"that are {(to - from).TotalDays:0.#} days, and {Longest.TotalDays:0} are the most", "ask for a shorter time; for longer ones, counts are at flows");
        return problem is null ? new JourneysQuery(site, filter, cursor, limit) : null;
    }

    /// <summary>For the next page of just this query.</summary>
    /// <param name="cursor">Of the query port; null where nothing follows.</param>
    public string? Next(string? cursor) => cursor is null ? null : MarkOf(Filter) + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cursor));

    private static string? Unmarked(string text, JourneyFilter filter)
    {
        try
        {
            return text.Length is > MarkLength and < 1_000 && text.StartsWith(MarkOf(filter), StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromHexString(text.AsSpan(MarkLength))) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string MarkOf(JourneyFilter filter) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{filter.Site} {filter.Span.From.UtcTicks} {filter.Span.To.UtcTicks} {filter.Approach} {filter.Exit} {filter.Class}")))[..MarkLength];
}
