using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>Who asks: the token of a request, or why it is none that lets anybody in. Failed tries are counted, told once for each burst, and audited.</summary>
internal sealed partial class SubscriberCheck(TokenRegister tokens, FailedTries tries, IAuditTrail audit, ILogger log, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    /// <summary>An audit is bounded, and what operators did must not be pushed out of it by whoever knocks.</summary>
    private static readonly TimeSpan AuditEach = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long? _auditedAt;
    private long _unaudited;

    public (SubscriberToken? Token, RefusedRequest? Refused) Read(HttpRequest request, IPAddress from)
    {
        var headers = request.Headers[HeaderNames.Authorization];
        // A token in the address would stand in logs and histories.
        var text = headers is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        if (TokenText.IsToken(text) && tokens.Find(text) is var (token, whyNot))
        {
            if (whyNot is null) return (token, null);
            return (null, Refuse(from, token, whyNot, "ask who runs the server for a new token", ", error=\"invalid_token\""));
        }

        return (null, text.Length == 0
            ? Refuse(from, null, "the request shows no token", "send it as Authorization: Bearer TOKEN", "")
            : Refuse(from, null, "nobody has this token here", "is it whole, and of this server? Ask who runs the server", ", error=\"invalid_token\""));
    }

    private RefusedRequest Refuse(IPAddress from, SubscriberToken? token, string why, string remedy, string challenge)
    {
        var tried = tries.Add(from);
        if (tried.Tell > 0) LogRefused(from, why, tried.Tell);
        Audit(from, token, why);
        return tried.RetryAfter > TimeSpan.Zero
            ? new RefusedRequest(StatusCodes.Status429TooManyRequests, "Too many tries", $"{why}, and this address has tried often", $"{remedy}; come again in {Math.Ceiling(tried.RetryAfter.TotalSeconds):0} s") { RetryAfter = tried.RetryAfter, Closes = true }
            : new RefusedRequest(StatusCodes.Status401Unauthorized, "No good token", why, remedy) { Challenge = challenge, Closes = true };
    }

    private void Audit(IPAddress from, SubscriberToken? token, string why)
    {
        long count;
        lock (_gate)
        {
            _unaudited++;
            var now = time.GetTimestamp();
            if (_auditedAt is { } at && time.GetElapsedTime(at, now) < AuditEach) return;
            (_auditedAt, count, _unaudited) = (now, _unaudited, 0);
        }

        _ = RecordAsync(new Principal(token?.Name ?? "unknown", $"address:{from}"), count == 1 ? why : $"{why}; {count} failed tries since the record before", token);
    }

    private async Task RecordAsync(Principal principal, string why, SubscriberToken? token)
    {
        if (await audit.BeginAsync(new RecordCommand(principal, token is null ? "subscribe" : $"subscribe with token {token.Name}", "this node")) is { } number) audit.End(number, $"refused: {why}");
    }

    [LoggerMessage(LogLevel.Warning, "Refused a subscriber at {Address}: {Why} ({Count} failed tries of it since the last such line)")]
    private partial void LogRefused(IPAddress address, string why, long count);
}
