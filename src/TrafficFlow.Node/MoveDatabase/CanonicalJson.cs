using System.Text;
using System.Text.Json;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>JSON in one form: PostgreSQL orders the keys of what it stores as jsonb, and spaces it anew.</summary>
internal static class CanonicalJson
{
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string Of(string text)
    {
        using var document = JsonDocument.Parse(text);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Write(document.RootElement, writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                // 1.50 and 1.5 are one number.
                writer.WriteNumberValue(element.GetDouble());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
