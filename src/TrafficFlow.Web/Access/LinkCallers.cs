using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Access;

/// <summary>
/// Whoever has the link is in, for as long as the process runs: for the demo, which shows made-up traffic on this machine alone and has no accounts. The link holds a
/// key of 128 random bits; the browser keeps another one, which it gets for it.
/// </summary>
public sealed class LinkCallers : ICallers
{
    public const string Path = "/enter";
    private const string Cookie = "trafficflow-demo";

    private static readonly Caller Guest = new("demo", new HashSet<Role> { Role.Operator, Role.Analyst }, "link");

    // Short enough for a line of a terminal.
    private readonly string _key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
    private readonly string _session = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public string SignInPath => Path;

    /// <param name="host">Its address, http://HOST:PORT.</param>
    public string LinkAt(Uri host) => $"{host.GetLeftPart(UriPartial.Authority)}{Path}?key={_key}";

    public ValueTask<Caller?> FindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Request.Cookies[Cookie] is { } shown && IsSame(shown, _session) ? Guest : null);

    /// <summary>Lets in whoever shows the key, and sends on to the first page.</summary>
    internal async Task EnterAsync(HttpContext context)
    {
        if (context.Request.Query["key"] is not [{ } key] || !IsSame(key, _key))
        {
            await new Problem(StatusCodes.Status401Unauthorized, "Not this link", "this demo has another link", "open the address that the demo shows in its terminal, as a whole").WriteAsync(context);
            return;
        }

        context.Response.Cookies.Append(Cookie, _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/" });
        context.Response.Redirect("/");
    }

    private static bool IsSame(string shown, string wanted) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(wanted));
}
