using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Events;

/// <summary>
/// A closed bin as a CloudEvent 1.0. Its id is the same however often it is made, and another for each revision: who has seen it can drop it. The
/// data is an object whose `items` are the rows of the bin, as <see cref="JsonFlowFormat"/> writes them.
/// </summary>
public static class FlowEvents
{
    public const string Type = "trafficflow.flow.bin.closed.v1";

    /// <summary>Of the data: every column of <see cref="FlowColumn.All"/>.</summary>
    public static readonly Uri DataSchema = new("urn:trafficflow:schema:flow-bin:1");

    private static readonly JsonEventFormatter Formatter = new(
        new JsonSerializerOptions { Encoder = JsonRows.Options.Encoder }, default);

    /// <param name="rows">All of one bin of one approach, and one revision.</param>
    /// <param name="closedAt">When the bin closed, or was revised.</param>
    /// <exception cref="ArgumentException">There is no row, they are of several bins, or no such bin is stored.</exception>
    public static CloudEvent Of(IReadOnlyList<FlowTableRow> rows, DateTimeOffset closedAt)
    {
        if (rows.Count == 0 || rows.Any(r => !BinRows.AreOfOneBin(rows[0], r))) throw new ArgumentException("one event holds the rows of one bin", nameof(rows));
        var bin = rows[0];
        if (bin.Revision is not { } revision) throw new ArgumentException("a bin that is not stored has not closed", nameof(rows));
        return new CloudEvent(CloudEventsSpecVersion.V1_0)
        {
            Id = FormattableString.Invariant($"{bin.Site}/{bin.Approach}/{bin.Duration.Minutes}/{bin.Bin.From.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}/{revision}"),
            Source = new Uri($"urn:trafficflow:site:{bin.Site}"),
            Type = Type,
            Subject = bin.Approach.Value,
            Time = closedAt.ToUniversalTime(),
            DataSchema = DataSchema,
            DataContentType = "application/json",
            Data = Data(rows),
        }.Validate();
    }

    /// <summary>The event as one JSON object: application/cloudevents+json.</summary>
    public static ReadOnlyMemory<byte> Structured(CloudEvent cloudEvent) => Formatter.EncodeStructuredModeMessage(cloudEvent, out _);

    /// <summary>The event as data with attributes beside it.</summary>
    public static BinaryEvent Binary(CloudEvent cloudEvent)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["specversion"] = cloudEvent.SpecVersion.VersionId };
        foreach (var (attribute, value) in cloudEvent.GetPopulatedAttributes())
        {
            if (attribute.Name != "datacontenttype") attributes[attribute.Name] = attribute.Format(value);
        }

        return new BinaryEvent(cloudEvent.DataContentType!, attributes, Formatter.EncodeBinaryModeEventData(cloudEvent));
    }

    private static JsonElement Data(IReadOnlyList<FlowTableRow> rows)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonRows.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var row in rows) JsonRows.Write(json, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }
}

/// <summary>An event in binary mode.</summary>
/// <param name="ContentType">Of the data: MQTT 5's property, or HTTP's header.</param>
/// <param name="Attributes">As MQTT 5's user properties have them, names and values unchanged. ASCII, without spaces and per cent signs.</param>
public sealed record BinaryEvent(string ContentType, IReadOnlyDictionary<string, string> Attributes, ReadOnlyMemory<byte> Data)
{
    /// <summary>As headers of HTTP, without Content-Type.</summary>
    public IEnumerable<KeyValuePair<string, string>> HttpHeaders => Attributes.Select(a => new KeyValuePair<string, string>($"ce-{a.Key}", a.Value));
}
