using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Formats.Jartic;
using TrafficFlow.Web.Formats.Ngsi;

namespace TrafficFlow.Web.Rest;

/// <summary>Which format an answer has, by Accept.</summary>
internal static class FormatChoice
{
    /// <summary>JARTIC's table is CSV too: text/csv; profile=jartic.</summary>
    public const string JarticProfile = "jartic";

    /// <summary>Of rows of a site: tables, and what cities read.</summary>
    public static IReadOnlyList<IFlowFormat> OfSite(Site site, DatexPublisher publisher) =>
        [.. FlowFormats.Tables, new NgsiFormat(site), new DatexMeasuredData(site, publisher), new JarticFormat(site, JarticStation.Of(site), withCoverage: true)];

    /// <summary>A parameter with a file extension, for links of pages, which say no Accept.</summary>
    public const string Parameter = "format";

    /// <summary>That of the parameter; else the first of those that Accept likes best; the first of all where neither says anything.</summary>
    /// <returns>Null where there is none of these.</returns>
    public static IFlowFormat? Of(HttpRequest request, IReadOnlyList<IFlowFormat> formats)
    {
        if (request.Query[Parameter] is [{ } extension]) return formats.FirstOrDefault(f => f.FileExtension == extension);
        var wanted = request.GetTypedHeaders().Accept;
        if (wanted.Count == 0) return formats[0];
        foreach (var type in wanted.Where(t => t.Quality is null or > 0).OrderByDescending(t => t.Quality ?? 1))
        {
            if (formats.FirstOrDefault(f => Matches(type, f)) is { } format) return format;
        }

        return null;
    }

    /// <summary>As it is asked for.</summary>
    public static string NameOf(IFlowFormat format) => format is JarticFormat ? $"{format.MediaType}; profile={JarticProfile}" : format.MediaType;

    /// <summary>Entities of NGSI-LD hold one bin each: the newest that has ended. The other formats hold all.</summary>
    public static IEnumerable<(ApproachId Approach, Interval Bin)> BinsOf(IFlowFormat format, IEnumerable<(ApproachId Approach, Interval Bin)> bins, DateTimeOffset now) =>
        format is NgsiFormat ? bins.GroupBy(b => b.Approach).Select(g => g.LastOrDefault(b => b.Bin.To <= now, g.First())) : bins;

    private static bool Matches(MediaTypeHeaderValue type, IFlowFormat format)
    {
        var profile = type.Parameters.FirstOrDefault(p => p.Name.Equals("profile", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
        return type.MatchesMediaType(format.MediaType) && format is JarticFormat == string.Equals(profile, JarticProfile, StringComparison.OrdinalIgnoreCase);
    }
}
