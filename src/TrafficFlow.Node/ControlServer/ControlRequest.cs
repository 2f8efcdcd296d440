using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrafficFlow.Node.ControlServer;

/// <summary>What a client of the control socket asks.</summary>
/// <param name="Words">Of the catalog: camera, list.</param>
/// <param name="Site">Of all nodes, by way of the server; null for this node.</param>
/// <param name="By">The name that the client gives; null for its account's.</param>
internal sealed record ControlRequest(IReadOnlyList<string> Words, string? Site = null, string? By = null)
{
    /// <summary>Bytes of the longest one.</summary>
    public const int Longest = 16 * 1024;

    private static readonly JsonDocumentOptions Layout = new() { MaxDepth = 4 };
    private static readonly JsonSerializerOptions Written = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <returns>Null where it is no request.</returns>
    /// <exception cref="RequestTooLongException">It is longer than <see cref="Longest"/>; nothing beyond is read.</exception>
    public static async Task<ControlRequest?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[Longest + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > Longest) throw new RequestTooLongException();
        try
        {
            using var request = JsonDocument.Parse(bytes.AsMemory(0, length), Layout);
            var root = request.RootElement;
            return new ControlRequest(
                [.. root.GetProperty("words").EnumerateArray().Select(w => w.GetString() ?? "")],
                root.TryGetProperty("site", out var site) ? site.GetString() : null,
                root.TryGetProperty("by", out var by) ? by.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Written);
}

/// <summary>A request of more than <see cref="ControlRequest.Longest"/> bytes.</summary>
internal sealed class RequestTooLongException : Exception;
