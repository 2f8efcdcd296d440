using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TrafficFlow.Node.Mark;

/// <summary>
/// Lets one browser in. The address holds a code that is good once, for a cookie: whoever reads the address later, in a history or a list of processes,
/// has nothing. The cookie belongs to a folder of random name, since a browser gives cookies of 127.0.0.1 to every port of it.
/// </summary>
internal sealed class MarkSession
{
    private const string CookieName = "trafficflow-mark";

    private readonly string _code = Random();
    private readonly string _cookie = Random();
    private int _uses;

    /// <summary>Path of the page, between slashes.</summary>
    public string Folder { get; } = $"/{Random()}/";

    /// <summary>Path and code of the address that lets a browser in.</summary>
    public string Entrance => $"{Folder}?code={_code}";

    public bool IsOpenTo(HttpRequest request) => Same(request.Cookies[CookieName], _cookie);

    /// <summary>Answers a request that has no cookie.</summary>
    public Task LetInAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path != Folder || !HttpMethods.IsGet(request.Method) || !Same(request.Query["code"], _code))
            return AnswerAsync(context, StatusCodes.Status403Forbidden, "Not open to this browser", "Open the address that <code>trafficflow mark</code> printed when it started.");
        if (Interlocked.Increment(ref _uses) > 1)
        {
            return AnswerAsync(
                context, StatusCodes.Status403Forbidden, "This address was used already",
                "It opens the page in one browser only. If that was yours, go on there. If not, another account of this machine may have read the address: end "
                + "<code>trafficflow mark</code> with Ctrl+C, look at the marks, and start it again. They are kept, and the address is a new one.");
        }

        context.Response.Cookies.Append(CookieName, _cookie, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = Folder });
        // A page of our own goes on, not a redirect: a browser that came from elsewhere keeps a strict cookie back for as long as it is redirected.
        return AnswerAsync(context, StatusCodes.Status200OK, "Opening", "<a href=\"./\">Go on</a>", "<meta http-equiv=\"refresh\" content=\"0;url=./\">");
    }

    private static Task AnswerAsync(HttpContext context, int status, string title, string text, string head = "")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>\n", context.RequestAborted);
    }

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static bool Same(string? given, string wanted) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(wanted));
}
