using System.Text.Encodings.Web;
using System.Text.Json;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>One row as a JSON object with every column: null where a number is missing or withheld, and `state` says which.</summary>
internal static class JsonRows
{
    /// <summary>Text stays as it is: +09:00, 小型. The types that carry it are never taken for HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (FlowColumn Column, JsonEncodedText Name)[] Columns = [.. FlowColumn.All.Select(c => (c, JsonEncodedText.Encode(c.Name, Options.Encoder)))];

    public static void Write(Utf8JsonWriter json, FlowTableRow row)
    {
        json.WriteStartObject();
        foreach (var (column, name) in Columns)
        {
            json.WritePropertyName(name);
            switch (column)
            {
                case TextColumn text:
                    json.WriteStringValue(text.Get(row));
                    break;
                case WholeColumn whole when whole.Get(row) is { } number:
                    json.WriteNumberValue(number);
                    break;
                case NumberColumn number when number.Get(row) is { } value && double.IsFinite(value):
                    json.WriteNumberValue(value);
                    break;
                case FlagColumn flag:
                    json.WriteBooleanValue(flag.Get(row));
                    break;
                case TimeColumn time:
                    json.WriteStringValue(time.Get(row));
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndObject();
    }
}
