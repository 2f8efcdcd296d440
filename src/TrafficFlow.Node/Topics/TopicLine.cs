using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Topics;
using TrafficFlow.Web.Formats.Topics;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Topics;

/// <summary>A message of a topic as one line of JSON.</summary>
/// <param name="Place">Where to go on after it; null where its topic is not kept.</param>
/// <param name="Values">The bins, the journey, the incident or the camera that it holds.</param>
/// <param name="Failed">Why nothing ever comes of the topic, and what there is instead; null normally.</param>
/// <param name="Dropped">Messages of the topic that were dropped before it, because the reader was slow.</param>
internal sealed record TopicLine(string Topic, string? Place, IReadOnlyList<JsonElement> Values, string? Failed = null, long Dropped = 0)
{
    // A line goes to a terminal or a program, never into a page.
    public static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TopicLine Of(TopicMessage message) => message.Message is ApproachNotFound missing
        ? new TopicLine(message.Topic, null, [], Explain(message.Topic, missing))
        : new TopicLine(message.Topic, message.Place?.ToString(), TopicValues.Of(message), Dropped: message.Dropped);

    /// <summary>With its line break.</summary>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Layout), (byte)'\n'];

    /// <returns>Null for a line that only says that the other side is alive.</returns>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static TopicLine? Read(string line)
    {
        try
        {
            var read = JsonSerializer.Deserialize<TopicLine>(line, Layout);
            return read?.Topic is null ? null : read with { Values = read.Values ?? [] };
        }
        catch (JsonException e)
        {
            throw new FormatException("no line of a topic", e);
        }
    }

    private static string Explain(string topic, ApproachNotFound missing)
    {
        if (TopicNames.ParseJourneys(topic) is { } site)
        {
            var junctions = Suggested(missing, "none of its sites has one").Replace($"/{missing.Approach}", "", StringComparison.Ordinal);
            return $"{topic}: site {site} of the server has no junction, which alone sees journeys (several calibrated cameras with gates); {junctions}";
        }

        if (TopicNames.ParseIncidents(topic) is { } incidents)
        {
            var junctions = Suggested(missing, "none of its sites has one").Replace($"/{missing.Approach}", "", StringComparison.Ordinal);
            return $"{topic}: site {incidents} of the server has no junction, which alone sees incidents (several calibrated cameras with gates); {junctions}";
        }

        return $"{topic}: the server has no approach {missing.Site}/{missing.Approach}; {Suggested(missing, "it has none at all: name its site files in trafficflow.node.sites")}";
    }

    private static string Suggested(ApproachNotFound missing, string none) =>
        missing.Known.IsEmpty ? none : Suggestion.For($"{missing.Site}/{missing.Approach}", missing.Known, "it has");
}
