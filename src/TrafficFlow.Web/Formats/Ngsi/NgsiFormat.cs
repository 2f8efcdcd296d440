using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Ngsi;

/// <summary>A list of NGSI-LD entities, one for each row, as a broker answers a query.</summary>
/// <param name="asKeyValues">The simplified form.</param>
public sealed class NgsiFormat(Site site, bool asKeyValues = false) : IFlowFormat
{
    private readonly NgsiEntities _entities = new(site);

    public string MediaType => "application/ld+json";

    public string FileExtension => "jsonld";

    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        await using (var json = new Utf8JsonWriter((Stream)output, JsonRows.Options))
        {
            json.WriteStartArray();
            await foreach (var row in rows.Rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                var entity = _entities.Of(row);
                (asKeyValues ? NgsiEntities.KeyValues(entity) : entity).WriteTo(json);
                json.Flush();
                await output.ForwardChunkAsync(cancellation).ConfigureAwait(false);
            }

            json.WriteEndArray();
        }

        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }
}
