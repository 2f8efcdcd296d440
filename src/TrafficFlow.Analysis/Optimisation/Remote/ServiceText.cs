using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>
/// The one place through which a text of a service comes into a message: unescaped, without the credential that it may send back, on one line, and its beginning only. The credential goes
/// before the text is cut, so that no part of it stays at the end.
/// </summary>
internal sealed partial class ServiceText(SolverCredential? credential)
{
    private const int Shown = 200;

    /// <summary>Of letters it writes those alone as escapes that JSON wants so: the credential reads as it is.</summary>
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Of(string text)
    {
        // Also of what is no JSON, or is JSON within a text.
        var plain = Escapes().Replace(text, m => ((char)Convert.ToUInt16(m.Groups[1].Value, 16)).ToString());
        var redacted = credential?.Redact(plain) ?? plain;
        var line = string.Concat(redacted.Take(Shown).Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length == 0 ? "(nothing)" : redacted.Length > line.Length ? string.Create(CultureInfo.InvariantCulture, $"{line}...") : line;
    }

    public string Of(JsonElement element)
    {
        try
        {
            if (element.ValueKind == JsonValueKind.String) return Of(element.GetString()!);
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, Unescaped)) element.WriteTo(json);
            return Of(Encoding.UTF8.GetString(buffer.WrittenSpan));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair.
            return "(a text that is none)";
        }
    }

    /// <param name="body">JSON or anything else.</param>
    public string Of(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return Of(Encoding.UTF8.GetString(body));
        }
    }

    /// <summary>Of the exception and its causes, in which a part of what the service sent may be repeated: they go into a message so and never along as its cause.</summary>
    public string Of(Exception error)
    {
        var messages = new List<string>();
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (!messages.Contains(e.Message)) messages.Add(e.Message);
        }

        return Of(string.Join(": ", messages));
    }

    public bool HoldsCredential(string text) => credential?.IsIn(text) ?? false;

    [GeneratedRegex(@"\\u(00[2-7][0-9a-fA-F])")]
    private static partial Regex Escapes();
}
