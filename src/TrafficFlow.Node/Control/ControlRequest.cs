using System.Text.Json;

namespace TrafficFlow.Node.Control;

/// <summary>What a client of the control socket asks.</summary>
/// <param name="Words">Of the palette: camera, list.</param>
internal sealed record ControlRequest(IReadOnlyList<string> Words)
{
    private static readonly JsonDocumentOptions Layout = new() { MaxDepth = 4 };

    /// <returns>Null where it is no request.</returns>
    public static async Task<ControlRequest?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using var request = await JsonDocument.ParseAsync(body, Layout, cancellation);
            return new ControlRequest([.. request.RootElement.GetProperty("words").EnumerateArray().Select(w => w.GetString() ?? "")]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new { words = Words });
}
