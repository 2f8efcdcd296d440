using TrafficFlow.Server.Topics;
using TrafficFlow.Web.Formats.Topics;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Streams;

/// <summary>A message of a topic as server-sent events: written once, for all who read it.</summary>
/// <param name="Bytes">One event for each value of the message.</param>
/// <param name="Place">Where a reader is who has it; null where the topic is not kept.</param>
/// <param name="Series">Of messages with the same one the newest says it all: where a new reader begins. Null where each stands for itself.</param>
internal sealed record TopicEvent(ReadOnlyMemory<byte> Bytes, TopicPlace? Place, string? Series)
{
    /// <summary>The last of its series: a new reader need not know it.</summary>
    public bool EndsSeries { get; init; }
}

/// <summary>How topics are written as text/event-stream: the id of an event is the place to go on from. Pure.</summary>
internal static class TopicEvents
{
    public const string MediaType = "text/event-stream";

    /// <summary>Says that this side is alive, and nothing else.</summary>
    public static readonly ReadOnlyMemory<byte> Alive = ": alive\n\n"u8.ToArray();

    public static TopicEvent Of(TopicMessage message)
    {
        using var bytes = new MemoryStream();
        foreach (var value in TopicValues.Write(message))
        {
            // Places are figures, times and slashes, and JSON holds no line break: neither breaks a line.
            if (message.Place is { } place) bytes.Write(System.Text.Encoding.ASCII.GetBytes($"id: {place}\n"));
            bytes.Write("data: "u8);
            bytes.Write(value);
            bytes.Write("\n\n"u8);
        }

        return new TopicEvent(bytes.ToArray(), message.Place, SeriesOf(message)) { EndsSeries = message.Message is IncidentTold { Incident.IsOpen: false } };
    }

    /// <summary>The last event of a stream that this side ends.</summary>
    /// <param name="reason">With what to do.</param>
    public static ReadOnlyMemory<byte> Closing(string reason) =>
        System.Text.Encoding.UTF8.GetBytes($"event: closing\ndata: {System.Text.Json.JsonSerializer.Serialize(new { reason }, JsonText)}\n\n");

    private static readonly System.Text.Json.JsonSerializerOptions JsonText = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string? SeriesOf(TopicMessage message) => message.Message switch
    {
        FlowBinClosed closed => $"{closed.Bin.Key.Duration.Minutes}",
        FlowBinsOpen or CameraStatus => "now",
        IncidentTold told => $"{told.Epoch}/{told.Incident.Number}",
        _ => null,
    };
}
