using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Formats.Geo;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>A site in the format that Accept asks for: JSON, GeoJSON, or the table of measurement sites that a DATEX II publication refers to.</summary>
internal static class SiteAnswer
{
    public static Problem NoSuchSite(IEnumerable<Site> known) => new(
        StatusCodes.Status404NotFound, "No such site", "this server has no site of that name", $"it has {string.Join(", ", known.Select(s => s.Id.Value).DefaultIfEmpty("none"))}")
    { Parameter = "site" };

    /// <param name="json">What is told of it in JSON.</param>
    public static async Task WriteAsync(HttpContext context, Site site, object json, DatexPublisher publisher, DateTimeOffset now)
    {
        var wanted = context.Request.GetTypedHeaders().Accept.Where(a => a.Quality is null or > 0).OrderByDescending(a => a.Quality ?? 1).Select(a => a.MediaType.Value).ToList();
        try
        {
            switch (wanted.FirstOrDefault(t => t is "application/json" or GeoJsonSite.MediaType or DatexSiteTable.MediaType))
            {
                case GeoJsonSite.MediaType:
                    await JsonAnswer.WriteAsync(context, GeoJsonSite.Of(site), GeoJsonSite.MediaType);
                    break;
                case DatexSiteTable.MediaType:
                    using (var table = new MemoryStream())
                    {
                        await DatexSiteTable.WriteAsync(site, publisher, now, Array.Empty<(ApproachId Approach, Movement Movement)>().ToLookup(m => m.Approach, m => m.Movement), table, context.RequestAborted);
                        await JsonAnswer.WriteBytesAsync(context, table.ToArray(), $"{DatexSiteTable.MediaType}; charset=utf-8");
                    }

                    break;
                default:
                    await JsonAnswer.WriteAsync(context, json);
                    break;
            }
        }
        catch (FormatRefusedException e)
        {
            await new Problem(StatusCodes.Status409Conflict, "Its place is not known", e.Message, "write where the site lies into its file, or ask with Accept: application/json").WriteAsync(context);
        }
    }
}
