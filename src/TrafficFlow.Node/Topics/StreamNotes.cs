using System.Text.Encodings.Web;
using System.Text.Json;

namespace TrafficFlow.Node.Topics;

/// <summary>Lines of a stream that carry no message: that the other side is alive, and why it ends.</summary>
internal static class StreamNotes
{
    private const string ClosingKey = "closing";
    private static readonly JsonSerializerOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>With its line break.</summary>
    public static byte[] Alive(DateTimeOffset now) => Line(new { alive = now.ToString("O", System.Globalization.CultureInfo.InvariantCulture) });

    /// <param name="reason">For the reader, with what to do.</param>
    public static byte[] Closing(string reason) => Line(new { closing = reason });

    /// <returns>Why the stream ends; null for any other line.</returns>
    public static string? ReadClosing(string line)
    {
        if (!line.Contains(ClosingKey, StringComparison.Ordinal)) return null;
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(ClosingKey, out var reason) ? reason.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[] Line<T>(T note) => [.. JsonSerializer.SerializeToUtf8Bytes(note, Layout), (byte)'\n'];
}
