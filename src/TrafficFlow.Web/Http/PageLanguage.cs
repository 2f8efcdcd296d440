using Microsoft.AspNetCore.Http;

namespace TrafficFlow.Web.Http;

/// <summary>Japanese or English: as the reader chose, else as the browser prefers.</summary>
internal static class PageLanguage
{
    /// <summary>Set by the page itself.</summary>
    public const string Cookie = "trafficflow-language";

    public static string Of(HttpRequest request) => request.Cookies[Cookie] switch
    {
        "ja" => "ja",
        "en" => "en",
        _ => request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value?.Split('-')[0]).FirstOrDefault(l => l is "ja" or "en") ?? "en",
    };
}
