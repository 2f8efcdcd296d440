using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlServer;

/// <summary>Replies as one line of JSON: on the socket, and for programs.</summary>
internal static class ReplyJson
{
    // The line goes to a terminal or a program, never into a page.
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(OperatorReply reply)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Layout))
        {
            json.WriteStartObject();
            switch (reply)
            {
                case InspectionTables tables:
                    json.WriteBoolean("ok", true);
                    json.WriteStartArray("tables");
                    foreach (var table in tables.Tables) Write(table, json);
                    json.WriteEndArray();
                    break;
                case CommandFailed failed:
                    json.WriteBoolean("ok", false);
                    json.WriteString("reason", failed.Reason);
                    json.WriteString("remedy", failed.Remedy);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(reply), reply, "no such reply");
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <exception cref="FormatException">It is no reply.</exception>
    public static OperatorReply Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.GetProperty("ok").GetBoolean()
                ? new InspectionTables([.. root.GetProperty("tables").EnumerateArray().Select(Table)])
                : new CommandFailed(root.GetProperty("reason").GetString()!, root.GetProperty("remedy").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"no reply of a node: {e.Message}", e);
        }
    }

    private static void Write(InspectionTable table, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteStartArray("columns");
        foreach (var column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("key", column.Key);
            json.WriteString("name", column.Name);
            json.WriteString("unit", column.Unit);
            json.WriteString("kind", column.Kind.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            foreach (var (column, cell) in table.Columns.Zip(row)) Write(column.Key, cell, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (var note in table.Notes) json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(string key, object? cell, Utf8JsonWriter json)
    {
        switch (cell)
        {
            case null or double.NaN or double.PositiveInfinity or double.NegativeInfinity:
                json.WriteNull(key);
                break;
            case string text:
                json.WriteString(key, text);
                break;
            case long whole:
                json.WriteNumber(key, whole);
                break;
            case double number:
                json.WriteNumber(key, number);
                break;
            case bool flag:
                json.WriteBoolean(key, flag);
                break;
            case DateTimeOffset time:
                json.WriteString(key, time.UtcDateTime);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell");
        }
    }

    private static InspectionTable Table(JsonElement table)
    {
        var columns = table.GetProperty("columns").EnumerateArray()
            .Select(c => new InspectionColumn(
                c.GetProperty("name").GetString()!, c.GetProperty("unit").GetString()!, Enum.Parse<CellKind>(c.GetProperty("kind").GetString()!, ignoreCase: true)))
            .ToList();
        return InspectionTable.Of(
            table.GetProperty("name").GetString()!,
            columns,
            table.GetProperty("rows").EnumerateArray().Select(r => columns.Select(c => Cell(r.GetProperty(c.Key), c.Kind)).ToArray()),
            [.. table.GetProperty("notes").EnumerateArray().Select(n => n.GetString()!)]);
    }

    private static object? Cell(JsonElement cell, CellKind kind) => cell.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => cell.TryGetInt64(out var whole) ? (object)whole : cell.GetDouble(),
        JsonValueKind.String => kind == CellKind.Time ? cell.GetDateTimeOffset() : cell.GetString(),
        _ => throw new FormatException($"a cell cannot be a {cell.ValueKind}"),
    };
}
