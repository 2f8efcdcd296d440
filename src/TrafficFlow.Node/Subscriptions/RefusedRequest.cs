using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>Why a request is refused, as RFC 9457 has it: application/problem+json.</summary>
/// <param name="Detail">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record RefusedRequest(int Status, string Title, string Detail, string Remedy)
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The scope that the token would need.</summary>
    public string? Needs { get; init; }

    /// <summary>When to come again.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What follows Bearer in WWW-Authenticate (RFC 6750).</summary>
    [JsonIgnore]
    public string? Challenge { get; init; }

    /// <summary>Of somebody who is not to go on with this connection.</summary>
    [JsonIgnore]
    public bool Closes { get; init; }

    /// <returns>Null for what is no such refusal.</returns>
    public static RefusedRequest? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<RefusedRequest>(body, Layout) is { Detail: not null, Remedy: not null } refused ? refused : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public async Task WriteAsync(HttpContext context)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(this, Layout);
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json; charset=utf-8";
        response.ContentLength = body.Length;
        if (Challenge is not null) response.Headers.WWWAuthenticate = $"Bearer realm=\"trafficflow\"{Challenge}";
        if (RetryAfter is { } wait) response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Status == StatusCodes.Status405MethodNotAllowed) response.Headers.Allow = "GET";
        // Of HTTP/2 too, which has no header for it.
        if (Closes) context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
