using System.Text.Json;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>A JSON object for each page: `items` holds the rows, `next` asks for the page that follows, null at the end.</summary>
public sealed class JsonFlowFormat : IFlowFormat
{
    public string MediaType => "application/json";

    public string FileExtension => "json";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        await using (var json = new Utf8JsonWriter((Stream)output, JsonRows.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            await foreach (var row in rows.Rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                JsonRows.Write(json, row);
                json.Flush();
                await output.ForwardChunkAsync(cancellation).ConfigureAwait(false);
            }

            json.WriteEndArray();
            json.WriteString("next", rows.Next());
            json.WriteEndObject();
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }
}

/// <summary>A JSON object for each row, one a line.</summary>
public sealed class JsonLinesFlowFormat : IFlowFormat
{
    public string MediaType => "application/x-ndjson";

    public string FileExtension => "jsonl";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        await using var json = new Utf8JsonWriter((Stream)output, JsonRows.Options);
        await foreach (var row in rows.Rows.WithCancellation(cancellation).ConfigureAwait(false))
        {
            JsonRows.Write(json, row);
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
            await output.ForwardChunkAsync(cancellation).ConfigureAwait(false);
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }
}
