using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TrafficFlow.Web.Rest;

/// <summary>An answer in JSON that says what it is by its ETag, so that who has it already gets 304.</summary>
internal static class JsonAnswer
{
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, object answer, string mediaType = "application/json") => WriteBytesAsync(context, JsonSerializer.SerializeToUtf8Bytes(answer, Layout), mediaType);

    public static async Task WriteBytesAsync(HttpContext context, byte[] body, string mediaType)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..24]}\"");
        var response = context.Response;
        response.GetTypedHeaders().ETag = tag;
        // Whoever keeps it asks first: roles are taken away, and bins revised.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = HeaderNames.Accept;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = mediaType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
