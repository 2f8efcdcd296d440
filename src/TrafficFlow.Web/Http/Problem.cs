using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace TrafficFlow.Web.Http;

/// <summary>Why a request is refused, as RFC 9457 has it.</summary>
/// <param name="Detail">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Problem(int Status, string Title, string Detail, string Remedy)
{
    public const string MediaType = "application/problem+json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The parameter that is wrong.</summary>
    public string? Parameter { get; init; }

    /// <summary>When to come again.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    public static Problem BadParameter(string name, string detail, string remedy) =>
        new(StatusCodes.Status400BadRequest, "A parameter is wrong", detail, remedy) { Parameter = name };

    /// <summary>As a page for who reads pages, and for programs as JSON.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        if (IsRead(context.Request))
        {
            await WritePageAsync(context);
            return;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(this, Layout);
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait) response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task WritePageAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var parameters = new Dictionary<string, object?> { [nameof(ProblemDocument.Problem)] = this, [nameof(ProblemDocument.Language)] = PageLanguage.Of(context.Request) };
        await new RazorComponentResult<ProblemDocument>(parameters) { StatusCode = Status, PreventStreamingRendering = true }.ExecuteAsync(context);
    }

    /// <summary>Whether a browser shows the answer to somebody.</summary>
    private static bool IsRead(HttpRequest request) =>
        !request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) && request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
