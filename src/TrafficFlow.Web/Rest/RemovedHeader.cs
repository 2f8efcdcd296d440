using System.Globalization;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Rest;

/// <summary>
/// `TrafficFlow-Removed: before=TIME, on=TIME`: what was born before the first time was removed at the second, since the site's file limits its age. Its absence from an answer is no zero, and no gap of the cameras either.
/// </summary>
internal static class RemovedHeader
{
    public const string Name = "TrafficFlow-Removed";

    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static async Task AddAsync(HttpContext context, WebPorts ports, SiteId site, KeptKind kind, Interval span)
    {
        var removed = (await ports.Flows().RemovedAsync(site, context.RequestAborted)).Where(r => r.Kind == kind && r.Before > span.From).ToList();
        if (removed.Count == 0) return;
        var (before, at) = (removed.Max(r => r.Before), removed.Max(r => r.At));
        context.Response.Headers[Name] = string.Create(CultureInfo.InvariantCulture, $"before={before.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)}, on={at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)}");
    }
}
