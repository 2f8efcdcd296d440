using System.Text;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.SystemTests.Web.Fuzz;

/// <summary>A request that nobody in their right mind makes: made of a route of the table, and of odd values of all that a request has. The same for the same random numbers.</summary>
/// <param name="Body">Null for none.</param>
internal sealed record OddRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "get", "G"];

    private static readonly string[] Values =
    [
        "demo", "demo", "demo", "north", "", "..", "%2e%2e%2f", "%00", "%ff%fe", "%F0%9F%9A%97", "%E9%8B%BC", "demo%2F..", "{site}", "'%20OR%201=1--", "%3Cscript%3E", "%0d%0aX-Own:1", "*", "~", "a:b", "%", "%zz", new('a', 3_000),
        "2026-04-01", "2026-04-02", "2026-04-01T06:00:00%2B09:00", "2026-04-01T06:03:00Z", "2026-02-30", "2026-10-25T02:30:00%2B02:00", "0001-01-01", "9999-12-31", "2199-12-31", "2000-01-01", "2026-04-01T25:00Z", "2026-04-01T06:00:00%2B99:00", "%EF%BC%92026-04-01",
        "1", "5", "15", "60", "day", "month", "0", "-1", "1e9", "99999999999999999999", "NaN", "1_000", "entering", "to%20south", "exiting", "bus", "all", "tank", "ff", "00ff00", "313735302064656d6f", "true", "null", "[]", "{}",
    ];

    private static readonly string[] Names = ["from", "to", "bin", "approach", "exit", "movement", "class", "cursor", "limit", "key", "v", "id", "from", "to", "FROM", "a[]", "%00", ""];

    private static readonly string[] Texts =
    [
        "", "x", "*/*", "text/html", "application/json", "text/csv", "text/csv;profile=jartic", "application/ld+json", "application/xml", "application/vnd.apache.parquet", "application/vnd.apache.arrow.stream", "application/geo+json",
        "text/csv;q=0", "a/b;q=9", ";;;", "application/json;q=0.5,text/csv;q=0.4,*/*;q=nan", "\"x\"", "W/\"x\"", "*", "bytes=0-", "bytes=-1", "bytes=9-1", "ja", "ja-JP,en;q=0.7", "xx;q=2", "gzip, br", "br;q=0", "websocket", "https://evil.example", "null", "cross-site",
        "same-origin", "none", "Bearer tft_x", "Bearer ", "Basic YTpi", "Negotiate", "trafficflow-session=tfs_x", "trafficflow-session=; trafficflow-device=;;=", "trafficflow-language=xx", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=utf-7", "127.0.0.1, ::1", "_", new('z', 6_000), "\u00e9\u00ff", "Thu, 01 Jan 1970 00:00:00 GMT", "99999999999999999999",
    ];

    private static readonly string[] HeaderNames =
        ["Accept", "Accept", "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Cookie", "If-None-Match", "If-Match", "If-Modified-Since", "Range", "Origin", "Sec-Fetch-Site", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-HTTP-Method-Override", "Sec-WebSocket-Key", "Forwarded", "Expect-CT", "Referer", "User-Agent", "X-Odd"];

    private static readonly string[] ContentTypes = ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/plain", "application/x-www-form-urlencoded; charset=utf-7", "x"];

    private static readonly string[] Fields = ["name", "password", "code", "from", "invitation", "again", "", "__RequestVerificationToken", "_handler", "days", "role", "site", "use", "old", "account", "drop"];

    /// <param name="good">Headers of somebody who is let in.</param>
    public static OddRequest Of(Random random, IReadOnlyList<(string Name, string Value)> good)
    {
        var row = RouteTable.All[random.Next(RouteTable.All.Count)];
        var target = new StringBuilder();
        foreach (var part in row.Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
            target.Append('/').Append(part.StartsWith('{') ? One(random, Values) : random.Next(60) == 0 ? One(random, Values) : part);
        if (target.Length == 0 || random.Next(40) == 0) target.Append('/');
        for (var i = random.Next(6); i > 0; i--) target.Append(target.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(One(random, Names)).Append('=').Append(One(random, Values));
        var headers = new List<(string Name, string Value)>();
        // Whoever signs out is signed out for good.
        if (random.Next(4) > 0 && !row.Pattern.Contains("sign-out", StringComparison.Ordinal)) headers.Add(good[random.Next(good.Count)]);
        for (var i = random.Next(5); i > 0; i--) headers.Add((One(random, HeaderNames), One(random, Texts)));
        var method = random.Next(3) == 0 ? One(random, Methods) : row.Method == "*" ? "GET" : row.Method;
        return new OddRequest(method, target.ToString(), headers, method is "GET" or "HEAD" or "get" or "G" ? null : BodyOf(random, headers));
    }

    public override string ToString() => $"{Method} {(Target.Length > 300 ? Target[..300] : Target)} [{string.Join(" | ", Headers.Select(h => $"{h.Name}: {(h.Value.Length > 60 ? h.Value[..60] : h.Value)}"))}] body {Body?.Length}";

    private static byte[]? BodyOf(Random random, List<(string Name, string Value)> headers)
    {
        if (random.Next(5) == 0) return null;
        headers.Add(("Content-Type", One(random, ContentTypes)));
        var body = new byte[random.Next(40) == 0 ? 1_200_000 : random.Next(400)];
        random.NextBytes(body);
        return random.Next(3) == 0 ? body : Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, random.Next(8)).Select(_ => $"{One(random, Fields)}={One(random, Values)}")));
    }

    private static string One(Random random, string[] of) => of[random.Next(of.Length)];
}
