using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Web.Access;

/// <summary>People by the session of their log-in, programs by their token: those of the node's accounts. What they do here is recorded.</summary>
/// <param name="record">Into the node's audit.</param>
public sealed class AccountCallers(AccountStore store, Sessions sessions, Login login, ApiTokens tokens, Func<AuditEvent, Task> record) : ICallers
{
    public const string Path = "/sign-in";

    private const string SessionCookie = "trafficflow-session";
    private const string DeviceCookie = "trafficflow-device";
    private const string Bearer = "Bearer ";

    public string SignInPath => Path;

    /// <summary>Where accounts are changed.</summary>
    public AccountDesk Desk { get; } = new(store, tokens, record);

    public async ValueTask<Caller?> FindAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is [{ } shown])
        {
            var check = shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Check(shown[Bearer.Length..].Trim()) : new ApiTokenCheck(null, "no token");
            if (check.Principal is { } program) return new Caller($"{program.Name}/{program.Token}", program.Roles.ToHashSet(), "token", program.Scope);
            await record(new AuditEvent(AuditKind.FailedTry, "", $"address:{From(context)}", "token", context.Request.Path.Value ?? "", $"refused: {check.WhyNot}"));
            return null;
        }

        return sessions.Check(context.Request.Cookies[SessionCookie]) is { } person ? new Caller(person.Name, person.Roles.ToHashSet(), "session") : null;
    }

    /// <returns>Null where the caller is in now; else why not, for the page.</returns>
    internal async Task<LogInResult> SignInAsync(HttpContext context, string name, string password, string? code)
    {
        var result = await login.TryAsync(new LogInRequest(name, password, string.IsNullOrWhiteSpace(code) ? null : code.Trim(), context.Request.Cookies[DeviceCookie], From(context)));
        var outcome = result.Refusal is { } refusal ? $"refused: {refusal.ToString().ToLowerInvariant()}" : "done";
        if (result.Refusal is not LogInRefusal.CodeNeeded)
        {
            await record(new AuditEvent(
                result.Session is null ? AuditKind.FailedTry : AuditKind.LogIn, name, result.Session?.Principal.ToPrincipal().Account ?? $"address:{From(context)}", "log-in", "this node", outcome, $"from {From(context)}"));
        }

        if (result.Session is { } session) context.Response.Cookies.Append(SessionCookie, session.Text, Options(context, session.Until));
        if (result.Device is { } device) context.Response.Cookies.Append(DeviceCookie, device, Options(context, DateTimeOffset.MaxValue));
        return result;
    }

    internal async Task SignOutAsync(HttpContext context)
    {
        if (context.Request.Cookies[SessionCookie] is not { } text) return;
        context.Response.Cookies.Delete(SessionCookie);
        AccountPrincipal? person = null;
        try
        {
            person = sessions.Check(text);
        }
        catch (VaultFileException)
        {
            // It ends whether or not it can be told whose it was.
        }

        sessions.End(text);
        if (person is not null) await record(new AuditEvent(AuditKind.LogOut, person.Name, person.ToPrincipal().Account, "log-out", "this node"));
    }

    /// <summary>Whom an invitation is for; empty for the first custodian, null where it cannot be used.</summary>
    internal string? InvitedBy(string text) => store.InvitedBy(text);

    /// <exception cref="AccountException">It cannot be used, or the password is none that should be: the message says why.</exception>
    internal async Task AcceptAsync(HttpContext context, string text, string? name, string password)
    {
        var account = await store.AcceptAsync(text, password, name);
        await record(new AuditEvent(AuditKind.Change, account.Name, $"address:{From(context)}", "set the password with an invitation", account.Name));
    }

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;

    private static CookieOptions Options(HttpContext context, DateTimeOffset until) => new()
    {
        HttpOnly = true,
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        // Browsers keep none longer than 400 days.
        MaxAge = until == DateTimeOffset.MaxValue ? TimeSpan.FromDays(90) : null,
    };
}
