using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Web.Access;

/// <summary>People by the session of their log-in, programs by their token: those of the node's accounts. What they do here is recorded.</summary>
/// <param name="record">Into the node's audit; nobody is kept waiting by it for long.</param>
/// <param name="isHttps">Browsers come by TLS alone, ours or a proxy's: their cookies are for that, and for this host.</param>
public sealed class AccountCallers(
    AccountStore store, Sessions sessions, Login login, ApiTokens tokens, Func<AuditEvent, Task> record, bool isHttps = false, TimeProvider? time = null) : ICallers
{
    public const string Path = "/sign-in";

    private const string Bearer = "Bearer ";
    private const string Unknown = "unknown";

    private readonly string _sessionCookie = isHttps ? "__Host-trafficflow-session" : "trafficflow-session";
    private readonly string _deviceCookie = isHttps ? "__Host-trafficflow-device" : "trafficflow-device";
    private readonly FailedTries _tries = new(time ?? TimeProvider.System);
    private readonly FailedTryRecords _failed = new(record, time ?? TimeProvider.System);

    public string SignInPath => Path;

    public event Action Changed
    {
        add => store.Changed += value;
        remove => store.Changed -= value;
    }

    /// <summary>Where accounts are changed.</summary>
    public AccountDesk Desk { get; } = new(store, tokens, record);

    public async ValueTask<Caller?> FindAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is [{ } shown])
        {
            var check = shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Check(shown[Bearer.Length..].Trim()) : new ApiTokenCheck(null, "no token");
            if (check.Principal is { } program) return new Caller($"{program.Name}/{program.Token}", program.Roles.ToHashSet(), "token", program.Scope);
            if (_tries.Add(From(context)).RetryAfter is var wait && wait > TimeSpan.Zero) context.Features.Set(new TriesTooOften(wait));
            await _failed.AddAsync(From(context), new AuditEvent(AuditKind.FailedTry, "", $"address:{From(context)}", "token", context.Request.Path.Value ?? "", $"refused: {check.WhyNot}"));
            return null;
        }

        return Find(Sessions.KeyOf(context.Request.Cookies[_sessionCookie]));
    }

    public Caller? FindAgain(Caller caller)
    {
        try
        {
            return Find(caller.Session);
        }
        catch (VaultFileException)
        {
            return null;
        }
    }

    private Caller? Find(string? session) => session is not null && sessions.CheckKey(session) is { } person ? new Caller(person.Name, person.Roles.ToHashSet(), "session") { Session = session } : null;

    /// <returns>Null where the caller is in now; else why not, for the page.</returns>
    internal async Task<LogInResult> SignInAsync(HttpContext context, string name, string password, string? code)
    {
        var result = await login.TryAsync(new LogInRequest(name, password, string.IsNullOrWhiteSpace(code) ? null : code.Trim(), context.Request.Cookies[_deviceCookie], From(context)));
        if (result.Session is { } session)
        {
            context.Response.Cookies.Append(_sessionCookie, session.Text, Options(session.Until));
            if (result.Device is { } device) context.Response.Cookies.Append(_deviceCookie, device, Options(DateTimeOffset.MaxValue));
            await record(new AuditEvent(AuditKind.LogIn, session.Principal.Name, session.Principal.ToPrincipal().Account, "log-in", "this node", Details: $"from {From(context)}"));
            return result;
        }

        if (result.Refusal is LogInRefusal.Wait or LogInRefusal.Busy) await _failed.CountAsync(From(context));
        else await _failed.AddAsync(From(context), new AuditEvent(AuditKind.FailedTry, Known(name), $"address:{From(context)}", "log-in", "this node", $"refused: {WordOf(result.Refusal)}"));
        return result;
    }

    /// <summary>What is typed for a name may be a password: only names of accounts are recorded.</summary>
    private string Known(string name)
    {
        try
        {
            return name.Length <= Core.Sites.NameRule.MaxLength && store.List().Find(name) is { } account ? account.Name : Unknown;
        }
        catch (VaultFileException)
        {
            return Unknown;
        }
    }

    private static string WordOf(LogInRefusal? refusal) => refusal == LogInRefusal.CodeNeeded ? "the password is right, a code is needed" : $"{refusal}".ToLowerInvariant();

    internal async Task SignOutAsync(HttpContext context)
    {
        if (context.Request.Cookies[_sessionCookie] is not { } text) return;
        context.Response.Cookies.Delete(_sessionCookie, Options(default));
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

    /// <returns>Null where the password is set; else why not.</returns>
    internal async Task<InvitationRefused?> AcceptAsync(HttpContext context, string text, string? name, string password)
    {
        try
        {
            if (store.InvitedBy(text) is null)
            {
                await _failed.AddAsync(From(context), new AuditEvent(AuditKind.FailedTry, "", $"address:{From(context)}", "invitation", "this node", "refused: no such invitation"));
                if (_tries.Add(From(context)).RetryAfter is var wait && wait > TimeSpan.Zero) return new InvitationRefused(StatusCodes.Status429TooManyRequests, "too many tries failed from this address") { RetryAfter = wait };
            }

            var account = await store.AcceptAsync(text, password, name);
            await record(new AuditEvent(AuditKind.Change, account.Name, $"address:{From(context)}", "set the password with an invitation", account.Name));
            return null;
        }
        catch (AccountException e)
        {
            return new InvitationRefused(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (VaultFileException)
        {
            return new InvitationRefused(StatusCodes.Status503ServiceUnavailable, "the accounts of this server cannot be read or written now: whoever runs it finds the reason in its log");
        }
    }

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;

    private CookieOptions Options(DateTimeOffset until) => new()
    {
        HttpOnly = true,
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
        Secure = isHttps,
        Path = "/",
        // Browsers keep none longer than 400 days.
        MaxAge = until == DateTimeOffset.MaxValue ? TimeSpan.FromDays(90) : null,
    };
}

/// <summary>Why an invitation was not taken.</summary>
/// <param name="Why">For whoever showed it.</param>
internal sealed record InvitationRefused(int Status, string Why)
{
    /// <summary>Zero where there is no wait.</summary>
    public TimeSpan RetryAfter { get; init; }
}
